from odoo import models

from odoo.addons.privacy_guard.extending import REFUSALS, failure_type


class MailingMailing(models.Model):
    """Who did not get a mailing that was sent, and why."""

    _inherit = "mailing.mailing"

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
