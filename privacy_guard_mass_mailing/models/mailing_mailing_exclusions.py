from collections import Counter

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.privacy_guard.extending import REFUSALS, failure_type
from odoo.addons.privacy_guard.extending import addresses as mailboxes

from .mailing_mailing import WAITING

# How many recipients are looked through whenever the form is opened or edited; beyond,
# when somebody asks.
AT_ONCE = 2000
# in the context: somebody asks
ALL = "privacy_exclusions_of_all"


class MailingMailing(models.Model):
    """Before a mailing is sent, its form says who will not get it, and why; afterwards,
    who did not."""

    _inherit = "mailing.mailing"

    privacy_exclusions = fields.Text(
        "Who does not get it", compute="_compute_privacy_exclusions"
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
        self.privacy_exclusions_on_demand = False
        for mailing in self._privacy_to_describe():
            if mailing.env.context.get(ALL) or not mailing._privacy_is_long():
                mailing.privacy_exclusions = mailing._privacy_describe_exclusions()
            else:
                mailing.privacy_exclusions_on_demand = True
        sent = self._privacy_governed().filtered(lambda m: m.state == "done")
        for mailing, counts in sent._privacy_outcomes().items():
            mailing.privacy_exclusions = mailing._privacy_describe_excluded(counts)

    def _privacy_outcomes(self):
        """:return: {mailing: {failure type, or False: number of recipients}}, as the
        traces of these mailings say, in one query"""
        if not self:
            return {}
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
        """:return: how many will not get it, and why, one line per reason"""
        addresses = self._privacy_addresses()
        if addresses is None:
            return self.env._(
                "Who may not get the mailing is seen when it is prepared: these "
                "records have no address or number of their own."
            )
        gate = self.env["privacy.gate"]
        refused = self._privacy_excluded(addresses)
        if not refused:
            return False
        counts = Counter(refused.values())
        lines = [
            self.env._(
                "%(refused)s of %(all)s recipients will not get this mailing.",
                refused=len(refused),
                all=len(addresses),
            )
        ]
        lines += self._privacy_lines(counts)
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
        return "\n".join(lines)

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
