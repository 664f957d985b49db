from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...tools.text_array import text_array

WANTED_LESS = "wanted_less"
UNWANTED_CHANNEL = "unwanted_channel"
# What may stand between a person and a mail, the gravest first.
REFUSALS = [
    ("erased", "The personal data of this contact was erased"),
    ("stopped", "The person asked us to stop processing their data"),
    ("erasure_requested", "The person asked us to erase their data"),
    ("no_marketing_consent", "The person has not agreed to marketing mail"),
    ("duplicate", "The contact is a duplicate"),
    (UNWANTED_CHANNEL, "The person does not want this by this channel"),
    # later would be too late
    (WANTED_LESS, "The person wants fewer messages"),
]
# Which of them keep which class of mail back (`mail.mail._privacy_classify`).
FORBIDDEN = {
    # the person or the law demands it
    "mandatory": frozenset(),
    # a user wrote or sent it to this person
    "manual": frozenset({"erased"}),
    "automatic": frozenset({"erased", "stopped"}),
    "marketing": frozenset(code for code, _label in REFUSALS),
}
# Of all that keeps marketing back. Raised when it changes: decisions name it.
# 2: a yes may have an end (TIM-4), and not every channel is wanted (PRF-2)
# 3: a relationship may allow messages for a time (TIM-3)
RULE_VERSION = 3
# Their mail is about their work, except for these reasons and that class.
COLLEAGUES_TOO = frozenset({"erased", "no_marketing_consent"})


class PrivacyGate(models.AbstractModel):
    """May this person get a mail of this class?"""

    _inherit = "privacy.gate"

    @api.model
    def _mail_refusals(self, asked):
        """Who may not get mail, in at most two queries for any number of recipients.

        A recipient is the id of a contact or a normalised address. Contacts are known
        by themselves and by their addresses, addresses by every subject that has them:
        what holds for one of these holds for the recipient.

        :param dict asked: {class of mail: set of recipients}
        :return: {(class, recipient): refusal reason} of those who may not get it
        """
        return self._refusals(asked, self._find_mail_refusals)

    @api.model
    def _has_stopped(self, *recipients):
        """A stop binds whatever was begun before it (STP-1): a link that was sent then
        grants nothing any more.

        :param recipients: as of :meth:`_mail_refusals`
        :return: whether somebody of these has stopped processing, or was erased
        """
        return bool(self._mail_refusals({"automatic": set(recipients)}))

    @api.model
    def _by_hand_warning(self, names):
        """:param list names: of people who have stopped processing
        :return: what a user is told before writing to them"""
        return self.env._(
            "%(contacts)s asked us to stop processing their data. Write only what "
            "they must get, such as an order or an invoice: it is noted with the "
            "contact.",
            contacts=names,
        )

    @api.model
    def _channel_refusals(self, asked, covers=None):
        """Who may not get messages of another channel: letters, messengers. For the
        add-ons that send them, as :meth:`_mail_refusals`.

        :param dict asked: {class of message: set of recipients}; a recipient may be a
            number in international form, too, where the add-on for numbers is
        :param str covers: field of consents that are about the channel; without one,
            nobody has agreed to marketing by it
        :return: {(class, recipient): refusal reason} of those who may not get it
        """

        def find(recipients, relevant):
            return self._find_channel_refusals(recipients, relevant, covers)

        return self._refusals(asked, find)

    @api.model
    def _refusals(self, asked, find_refusals):
        """The one rule of which reason keeps which class of message back.

        :param dict asked: {class of message: set of recipients}
        :param find_refusals: method as :meth:`_find_mail_refusals`
        :return: {(class, recipient): refusal reason} of those who may not get it
        """
        classes = [name for name, recipients in asked.items() if recipients]
        relevant = frozenset().union(*(FORBIDDEN[name] for name in classes))
        recipients = set().union(*asked.values())
        if not relevant or not recipients:
            return {}
        found = find_refusals(recipients, relevant)
        refused = {}
        for name in classes:
            for recipient in asked[name] & found.keys():
                if reason := self._gravest_refusal(name, found[recipient]):
                    refused[name, recipient] = reason
        return refused

    @api.model
    def _gravest_refusal(self, mail_class, found):
        """:param set found: pairs of reason and whether it is about a colleague
        :return: the gravest that keeps mail of the class back, or None"""
        for code, _label in REFUSALS:
            if code not in FORBIDDEN[mail_class]:
                continue
            spared = mail_class != "marketing" and code not in COLLEAGUES_TOO
            if (code, False) in found or ((code, True) in found and not spared):
                return code
        return None

    @api.model
    def _find_mail_refusals(self, recipients, relevant):
        """:param recipients: ids of contacts and normalised addresses
        :param relevant: the reasons that matter
        :return: {recipient: set of (reason, whether about a colleague)}
        """
        return self._find_refusals(
            recipients,
            relevant,
            lambda model: model._privacy_mail_refusals_by_sql("subject"),
        )

    @api.model
    def _find_channel_refusals(self, recipients, relevant, covers):
        """As :meth:`_find_mail_refusals`; numbers are in ``recipients``, too."""
        return self._find_refusals(
            recipients,
            relevant,
            lambda model: model._privacy_channel_refusals_by_sql("subject", covers),
        )

    @api.model
    def _find_refusals(self, recipients, relevant, rule):
        """:param rule: function of a model of subjects that gives {reason: SQL}"""
        texts = {recipient for recipient in recipients if isinstance(recipient, str)}
        ids = {recipient for recipient in recipients if isinstance(recipient, int)}
        addresses = self._addresses_of(ids)
        by_key = self._find_subject_refusals(
            ids,
            texts.union(*addresses.values()),
            relevant,
            rule,
            self._listed_selects(texts, relevant),
        )
        found = {text: set(by_key[text]) for text in texts & by_key.keys()}
        for id_, own in addresses.items():
            keys = (id_, *own)
            if reasons := set().union(*(by_key.get(key, ()) for key in keys)):
                found[id_] = reasons
        return found

    @api.model
    def _listed_selects(self, addresses, relevant):
        """The hook for what keeps messages from an address that no record has.

        :param set addresses: normalised ones
        :param relevant: the reasons that matter
        :return: list of SQL selects as of ``_privacy_refusals_sql()``
        """
        return []

    @api.model
    def _find_subject_refusals(self, ids, addresses, relevant, rule, selects):
        """:param ids: of contacts
        :param addresses: normalised ones
        :param rule: as of :meth:`_find_refusals`
        :param list selects: as of :meth:`_listed_selects`
        :return: {id of a contact or address: set of (reason, about a colleague)}"""
        self.env["mail.blacklist"].flush_model()
        self.env["consent.purpose"].flush_model()
        self.env["privacy.request"].flush_model()
        selects, addresses = list(selects), text_array(addresses)
        for name in self.env["consent.record"]._subject_models():
            model, is_contact = self.env[name], name == "res.partner"
            selects.append(
                model._privacy_refusals_sql(
                    rule(model),
                    ids if is_contact else [],
                    addresses,
                    relevant,
                    SQL("subject.id" if is_contact else "NULL::int"),
                )
            )
        found = defaultdict(set)
        rows = self.env.execute_query(SQL(" UNION ALL ").join(selects))
        for partner_id, address, code, colleague in rows:
            found[partner_id].add((code, colleague))
            found[address].add((code, colleague))
        return found

    @api.model
    def _addresses_of(self, recipients):
        """:return: {recipient: list of normalised addresses}"""
        ids = [recipient for recipient in recipients if isinstance(recipient, int)]
        # superuser: who may not read a contact must not mail it either
        partners = self.env["res.partner"].sudo().browse(ids)
        found = partners._privacy_addresses()
        return {one: found.get(one, [one]) for one in recipients}

    @api.model
    def _refusal_label(self, code):
        """:return: why a mail was not sent, in the user's language"""
        field = self.env["mail.mail"]._fields["failure_type"]
        return dict(field._description_selection(self.env))[failure_type(code)]


def failure_type(reason):
    """:return: the failure type of mails and notifications that shows a reason"""
    return f"privacy_{reason}"


FAILURES = [(failure_type(code), label) for code, label in REFUSALS]
FAILURE_TYPES = frozenset(code for code, _label in FAILURES)
