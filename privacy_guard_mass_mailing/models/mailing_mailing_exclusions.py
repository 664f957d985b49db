from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.privacy_guard.extending import REFUSALS, failure_type
from odoo.addons.privacy_guard.extending import addresses as mailboxes

from .mailing_mailing import WAITING

# How many recipients are looked through whenever the form is opened or edited; beyond,
# when somebody asks.
AT_ONCE = 2000
# in the context: somebody asks
ALL = "privacy_exclusions_of_all"
# in the context of a link: the reason whose people it leads to
REASON = "privacy_exclusion"
# besides those of the gate: whom nobody can ask, of those who have not agreed
UNASKED = "unasked"


class MailingMailing(models.Model):
    """Before a mailing is sent, its form says who will not get it, and why; afterwards,
    who did not."""

    _inherit = "mailing.mailing"

    privacy_exclusions = fields.Text(
        "Who does not get it", compute="_compute_privacy_exclusions"
    )
    # {line of it: the reason that it is about}
    privacy_exclusion_reasons = fields.Json(
        "Why they will not get it", compute="_compute_privacy_exclusions"
    )
    privacy_exclusions_on_demand = fields.Boolean(compute="_compute_privacy_exclusions")

    @api.depends(
        "privacy_purpose_id",
        "mailing_domain",
        "contact_list_ids",
        "state",
        "mailing_type",
    )
    @api.depends_context(ALL)
    def _compute_privacy_exclusions(self):
        self.privacy_exclusions = False
        self.privacy_exclusion_reasons = False
        self.privacy_exclusions_on_demand = False
        for mailing in self._privacy_to_describe():
            if mailing.env.context.get(ALL) or not mailing._privacy_is_long():
                reasons = mailing._privacy_describe_exclusions()
                mailing.privacy_exclusions = "\n".join(reasons) or False
                mailing.privacy_exclusion_reasons = reasons
            else:
                mailing.privacy_exclusions_on_demand = True
        sent = self._privacy_governed().filtered(lambda m: m.state == "done")
        for mailing, counts in sent._privacy_outcomes().items():
            mailing.privacy_exclusions = mailing._privacy_describe_excluded(counts)

    def _privacy_outcomes(self):
        """:return: {mailing: {failure type, or False: number of recipients}}, as the
        traces of these mailings say, in one query"""
        # superuser: numbers, which name nobody
        traces = self.env["mailing.trace"].sudo()
        found = {mailing: {} for mailing in self}
        by_origin = {mailing._origin.id: mailing for mailing in self}
        for origin, failure, count in traces._read_group(
            [("mass_mailing_id", "in", list(by_origin))],
            ["mass_mailing_id", "failure_type"],
            ["__count"],
        ):
            found[by_origin[origin.id]][failure] = count
        return found

    def _privacy_describe_excluded(self, counts):
        """:param dict counts: of :meth:`_privacy_outcomes`
        :return: how many did not get it, and why"""
        refused = {code: counts.get(failure_type(code), 0) for code, _l in REFUSALS}
        if not any(refused.values()):
            return False
        line = self.env._(
            "%(refused)s of %(all)s recipients did not get this mailing.",
            refused=sum(refused.values()),
            all=sum(counts.values()),
        )
        return "\n".join([line, *self._privacy_lines(refused)])

    def _privacy_lines(self, counts):
        """:param counts: {refusal reason: number}
        :return: one line per reason, the gravest first"""
        return [
            f"{self._privacy_refusal_label(code)}: {counts[code]}"
            for code, _label in REFUSALS
            if counts[code]
        ]

    def _privacy_to_describe(self):
        """:return: those of these mailings that have not been sent yet and rely on
        consent"""
        if not self.env["privacy.gate"]._is_enabled():
            return self.browse()
        return self._privacy_governed().filtered(
            lambda mailing: mailing.state in ("draft", *WAITING)
        )

    def _privacy_is_long(self):
        """:return: whether there are too many recipients to look through at once"""
        recipients = self.env[self.mailing_model_real]
        domain = self._get_recipients_domain()
        return recipients.search_count(domain, limit=AT_ONCE + 1) > AT_ONCE

    def action_privacy_exclusions(self):
        """Look through all recipients, however many, and show who is left out."""
        self.ensure_one()
        view = "privacy_guard_mass_mailing.mailing_mailing_view_form_exclusions"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who will not get it"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref(view).id, "form")],
            "target": "new",
            "context": {**self.env.context, ALL: True},
        }

    def _privacy_describe_exclusions(self):
        """:return: {line: the reason that it is about, None of one about all}: how
        many will not get it, and why"""
        addresses = self._privacy_addresses()
        if addresses is None:
            return {
                self.env._(
                    "Who may not get the mailing is seen when it is prepared: these "
                    "records have no address or number of their own."
                ): None
            }
        found = self._privacy_excluded_by_reason(addresses)
        unasked = found.pop(UNASKED)
        if not found:
            return {}
        refused = sum(map(len, found.values()))
        lines = {
            self.env._(
                "%(refused)s of %(all)s recipients will not get this mailing.",
                refused=refused,
                all=len(addresses),
            ): None
        }
        for code, recipients in found.items():
            label = self._privacy_refusal_label(code)
            lines[f"{label}: {len(recipients)}"] = code
        if unasked:
            line = self.env._(
                "Of these, %(count)s cannot be asked: the consent does not apply "
                "to them.",
                count=len(unasked),
            )
            lines[line] = UNASKED
        return lines

    def _privacy_excluded_by_reason(self, addresses):
        """:param dict addresses: of :meth:`_privacy_addresses`
        :return: {reason: list of recipients}, the gravest first, those of whom there
            are any; and who cannot be asked"""
        refused = self._privacy_excluded(addresses)
        found = {code: [] for code, _label in REFUSALS}
        for recipient, code in refused.items():
            found[code].append(recipient)
        without = found["no_marketing_consent"]
        purpose = self.privacy_purpose_id.sudo()
        known = self.env["privacy.gate"]._known_consents(purpose, without)
        unasked = [address for address in without if known[address].allowed is None]
        return {c: some for c, some in found.items() if some} | {UNASKED: unasked}

    def action_privacy_excluded(self):
        """Open the recipients who will not get it for the reason that the context
        names.

        :return: action that lists those whom the user may read
        """
        self.ensure_one()
        self.check_access("read")
        code = self.env.context.get(REASON)
        found = self._privacy_excluded_by_reason(self._privacy_addresses() or {})
        recipients = self._privacy_recipients_at(found.get(code, ()))
        if not recipients:
            raise UserError(self.env._("There is nobody any more."))
        return recipients._get_records_action(name=self.env._("Who will not get it"))

    def _privacy_recipients_at(self, identifiers):
        """:param identifiers: keys of :meth:`_privacy_addresses`
        :return: the recipients whom these identify"""
        domain = Domain(self._get_recipients_domain())
        named = Domain("email_normalized", "in", list(identifiers))
        return self.env[self.mailing_model_real].search(domain & named)

    def _privacy_excluded(self, addresses):
        """:param dict addresses: of :meth:`_privacy_addresses`
        :return: {recipient: the gravest reason not to send}: a mailing goes to all of
            their addresses, or to none"""
        refused = self.env["privacy.gate"]._mailing_refusals(
            self.privacy_purpose_id.sudo(), set().union(*addresses.values())
        )
        reasons = {
            recipient: {refused[address] for address in own if address in refused}
            for recipient, own in addresses.items()
        }
        return {
            recipient: next(code for code, _label in REFUSALS if code in found)
            for recipient, found in reasons.items()
            if found
        }

    def _privacy_refusal_label(self, code):
        """:return: what keeps the mailing back, in the user's language"""
        return self.env["privacy.gate"]._refusal_label(code)

    def _privacy_addresses(self):
        """:return: {address that identifies a recipient: all of theirs, as
        `privacy.gate` knows them}, in one query; None when their model has none"""
        self.ensure_one()
        target = self.env[self.mailing_model_real]
        if "email_normalized" not in target._fields:
            return None
        target.flush_model(["email_normalized", target._primary_email])
        query = target._search(self._get_recipients_domain())
        rows = self.env.execute_query(
            query.select(
                SQL.identifier(query.table, "email_normalized"),
                SQL.identifier(query.table, target._primary_email),
            )
        )
        return {address: mailboxes.find(text) for address, text in rows if address}
