from collections import Counter
from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from odoo.addons.privacy_guard.extending import REFUSALS
from odoo.addons.privacy_guard.extending import addresses as mailboxes

from .mail_mail_later import WANTED_LESS
from .mailing_mailing import WAITING

# How many recipients are looked through whenever the form is opened or edited; beyond,
# when somebody asks.
AT_ONCE = 2000
# in the context: somebody asks
ALL = "privacy_exclusions_of_all"


class MailingMailing(models.Model):
    """Before a mailing is sent, its form says who will not get it, and why."""

    _inherit = "mailing.mailing"

    privacy_exclusions = fields.Text(
        "Who will not get it", compute="_compute_privacy_exclusions"
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
        self.privacy_exclusions_on_demand = False
        for mailing in self._privacy_to_describe():
            if mailing.env.context.get(ALL) or not mailing._privacy_is_long():
                mailing.privacy_exclusions = mailing._privacy_describe_exclusions()
            else:
                mailing.privacy_exclusions_on_demand = True

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
        """:return: how many will not get it, and why, one line per reason"""
        addresses = self._privacy_addresses()
        if addresses is None:
            return self.env._(
                "Who may not get the mailing is seen when it is prepared: these "
                "records have no address or number of their own."
            )
        refused = self._privacy_excluded(addresses)
        later = self._privacy_delayed(addresses, refused)
        lines = self._privacy_describe_later(addresses, refused, later)
        lines += self._privacy_describe_refused(addresses, refused)
        return "\n".join(lines) or False

    def _privacy_describe_refused(self, addresses, refused):
        """:return: list of lines: how many of these never get it, one per reason"""
        if not refused:
            return []
        gate, counts = self.env["privacy.gate"], Counter(refused.values())
        lines = [
            self.env._(
                "%(refused)s of %(all)s recipients will not get this mailing.",
                refused=len(refused),
                all=len(addresses),
            )
        ]
        lines += [
            f"{self._privacy_refusal_label(code)}: {counts[code]}"
            for code, _label in REFUSALS
            if counts[code]
        ]
        without = [a for a, code in refused.items() if code == "no_marketing_consent"]
        known = gate._known_consents(self.privacy_purpose_id.sudo(), without)
        if unasked := sum(known[a].allowed is None for a in without):
            lines.append(
                self.env._(
                    "Of these, %(count)s cannot be asked: the consent does not apply "
                    "to them.",
                    count=unasked,
                )
            )
        return lines

    def _privacy_describe_later(self, addresses, refused, later):
        """:param dict later: of :meth:`_privacy_delayed`
        :return: list of lines: how many get it now, how many later, and when"""
        if not later:
            return []
        zone = self.env.context.get("tz") or "UTC"
        return [
            self.env._(
                "%(now)s recipients get this mailing at once, %(later)s later because "
                "they want fewer messages: between %(first)s and %(last)s.",
                now=len(addresses) - len(refused) - len(later),
                later=len(later),
                first=format_datetime(self.env, min(later.values()), tz=zone),
                last=format_datetime(self.env, max(later.values()), tz=zone),
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
