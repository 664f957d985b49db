from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from .mailing_mailing import WAITING


class Complaints(NamedTuple):
    """What has come back of a mailing, beside what the company allows."""

    count: int
    sent: int
    limit: float  # in per cent; 0: none
    least: int  # of fewer mails a rate is chance

    @property
    def rate(self):
        return 100 * self.count / self.sent if self.sent else 0

    @property
    def is_over(self):
        return bool(self.limit) and self.sent >= self.least and self.rate > self.limit


class MailingMailing(models.Model):
    """A mailing that too many people mark as unwanted stops: providers would keep what
    follows from everybody, and whoever has not complained may want to."""

    _inherit = "mailing.mailing"

    privacy_complaints = fields.Text(
        "Complaints", compute="_compute_privacy_complaints"
    )
    privacy_is_stopped = fields.Boolean(compute="_compute_privacy_complaints")

    def _compute_privacy_complaints(self):
        # what core has just counted no mail of: opening a draft asks nothing more
        found = self._origin.filtered("expected")._privacy_complained()
        for mailing in self:
            complaints = found.get(mailing._origin)
            text = complaints and mailing._privacy_describe_complaints(complaints)
            mailing.privacy_complaints = text or False
            mailing.privacy_is_stopped = bool(complaints and complaints.is_over)

    def _privacy_complained(self):
        """:return: {mailing: ``Complaints``} of those of these that have any"""
        if not self:
            return {}
        # superuser: numbers, which name nobody
        traces = self.env["mailing.trace"].sudo()
        own = [("mass_mailing_id", "in", self._origin.ids)]
        complained = [*own, ("privacy_complained_at", "!=", False)]
        counts = traces._read_group(complained, ["mass_mailing_id"], ["__count"])
        if not counts:
            return {}
        left = [*own, ("sent_datetime", "!=", False)]
        sent = dict(traces._read_group(left, ["mass_mailing_id"], ["__count"]))
        return {
            mailing.with_env(self.env): Complaints(
                count, sent.get(mailing, 0), *mailing._privacy_complaint_limits()
            )
            for mailing, count in counts
        }

    def _privacy_complaint_limits(self):
        """:return: (limit, least), of whose mailing it is"""
        company = self._privacy_company()
        return company.privacy_complaint_limit, company.privacy_complaint_least

    def _privacy_describe_complaints(self, complaints):
        """:return: how many complained, and whether the mailing stops for it"""
        values = {
            "count": complaints.count,
            "sent": complaints.sent,
            "rate": formatLang(self.env, complaints.rate, digits=2),
            "limit": formatLang(self.env, complaints.limit, digits=2),
        }
        if complaints.is_over:
            return self.env._(
                "Stopped: %(count)s of %(sent)s recipients have marked it as unwanted "
                "mail, %(rate)s %%, and the limit is %(limit)s %%. What has not left "
                "is not sent. Settings > Privacy has the limit.",
                **values,
            )
        return self.env._(
            "%(count)s of %(sent)s recipients have marked it as unwanted mail "
            "(%(rate)s %%).",
            **values,
        )

    def _privacy_stopped_by_complaints(self):
        """:return: {mailing: why it stops} of those of these that too many people have
        complained about"""
        return {
            mailing: mailing._privacy_describe_complaints(complaints)
            for mailing, complaints in self._privacy_complained().items()
            if complaints.is_over
        }

    @api.constrains("state")
    def _check_privacy_complaints(self):
        """Whoever puts it into the queue again, by whatever way."""
        waiting = self.filtered(lambda mailing: mailing.state in WAITING)
        for reason in waiting._privacy_stopped_by_complaints().values():
            raise UserError(reason)

    def _action_send_mail(self, res_ids=None):
        for reason in self._privacy_stopped_by_complaints().values():
            raise UserError(reason)
        return super()._action_send_mail(res_ids)

    def _privacy_not_sent_reasons(self):
        reasons = super()._privacy_not_sent_reasons()
        return reasons | self._privacy_stopped_by_complaints()
