from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from odoo.addons.privacy_guard.extending import REFUSALS, WANTED_LESS
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
        "privacy_useful_days",
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
        return self._get_records_action(
            name=self.env._("Who will not get it"),
            views=[(self.env.ref(view).id, "form")],
            target="new",
            context={**self.env.context, ALL: True},
        )

    def _privacy_describe_exclusions(self):
        """:return: {line: the reason that it is about, None of one about all}: how
        many get it later or will not get it, and why"""
        addresses = self._privacy_addresses()
        if addresses is None:
            return {
                self.env._(
                    "Who may not get the mailing is seen when it is prepared: these "
                    "records have no address or number of their own."
                ): None
            }
        known = self._privacy_known(addresses)
        refused = self._privacy_excluded(addresses, known)
        later = self._privacy_delayed(addresses, refused)
        lines = dict.fromkeys(
            [
                *self._privacy_describe_duplicates(),
                *self._privacy_describe_later(addresses, refused, later),
            ]
        )
        return lines | self._privacy_describe_refused(addresses, refused, known)

    def _privacy_describe_refused(self, addresses, refused, known):
        """:return: {line: reason} as above, of those who never get it"""
        if not refused:
            return {}
        found = self._privacy_by_reason(refused, known)
        unasked = found.pop(UNASKED)
        lines = {
            self.env._(
                "%(refused)s of %(all)s recipients will not get this mailing.",
                refused=len(refused),
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

    def _privacy_by_reason(self, refused, known):
        """:param dict refused: {recipient: refusal reason}
        :param dict known: of :meth:`_privacy_known`
        :return: {reason: list of recipients}, the gravest first, those of whom there
            are any; and who cannot be asked"""
        found = {code: [] for code, _label in REFUSALS}
        for recipient, code in refused.items():
            found[code].append(recipient)
        asked = {a for a, said in known.items() if said.allowed is not None}
        unasked = [a for a in found["no_marketing_consent"] if a not in asked]
        return {c: some for c, some in found.items() if some} | {UNASKED: unasked}

    def action_privacy_excluded(self):
        """Open the recipients who will not get it for the reason that the context
        names.

        :return: action that lists those whom the user may read
        """
        self.ensure_one()
        self.check_access("read")
        code = self.env.context.get(REASON)
        addresses = self._privacy_addresses() or {}
        known = self._privacy_known(addresses)
        refused = self._privacy_excluded(addresses, known)
        self._privacy_delayed(addresses, refused)
        found = self._privacy_by_reason(refused, known)
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

    def _privacy_describe_later(self, addresses, refused, later):
        """:param dict later: of :meth:`_privacy_delayed`
        :return: list of lines: how many get it now, how many later, and when"""
        if not later:
            return []
        zone = self.env.context.get("tz") or "UTC"
        ends = (min(later.values()), max(later.values()))
        distinct = {format_datetime(self.env, end, tz=zone): None for end in ends}
        return [
            self.env._(
                "Recipients at once: %(now)s; later, as they want fewer messages: "
                "%(later)s (%(when)s)",
                now=len(addresses) - len(refused) - len(later),
                later=len(later),
                when=" \N{EN DASH} ".join(distinct),
            )
        ]

    def _privacy_delayed(self, addresses, refused):
        """:param dict addresses: of :meth:`_privacy_addresses`
        :param dict refused: of :meth:`_privacy_excluded`; who wants it when it is of no
            use any more is added
        :return: {recipient: when} of those who get it later"""
        left = {r: own for r, own in addresses.items() if r not in refused}
        delays = self.env["privacy.gate"]._mailing_delays(
            self.privacy_purpose_id.sudo(), set().union(*left.values())
        )
        start = max(self.schedule_date or datetime.min, fields.Datetime.now())
        later = {}
        for recipient, own in left.items() if delays else ():
            until = max((delays[a] for a in own if a in delays), default=start)
            if until > self._privacy_last_useful(start):
                refused[recipient] = WANTED_LESS
            elif until > start:
                later[recipient] = until
        return later

    def _privacy_known(self, addresses):
        """:return: what `privacy.gate` knows of :meth:`_privacy_addresses`"""
        purpose, gate = self.privacy_purpose_id.sudo(), self.env["privacy.gate"]
        return gate._known_consents(purpose, set().union(*addresses.values()))

    def _privacy_excluded(self, addresses, known):
        """:param dict addresses: of :meth:`_privacy_addresses`
        :param dict known: of :meth:`_privacy_known`
        :return: {recipient: the gravest reason not to send}: a mailing goes to all of
            their addresses, or to none"""
        refused = self.env["privacy.gate"]._mailing_refusals(
            self.privacy_purpose_id.sudo(), set().union(*addresses.values()), known
        )
        gravity = [code for code, _label in REFUSALS].index
        return {
            recipient: min(reasons, key=gravity)
            for recipient, own in addresses.items()
            if (reasons := [refused[address] for address in own if address in refused])
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
