from typing import NamedTuple

from odoo import fields, models
from odoo.tools import SQL, formatLang


class Complaints(NamedTuple):
    """What has come back of a mailing, beside what the company allows."""

    count: int
    sent: int
    limit: float  # in per cent; 0: none
    least: int  # of fewer mails a rate is chance
    doubtful: int  # that an officer has not looked at yet, and nobody has signed

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
        counts = self._privacy_count_complaints()
        if not counts:
            return {}
        # superuser: numbers, which name nobody
        traces = self.env["mailing.trace"].sudo()
        left = [
            ("mass_mailing_id", "in", self._origin.ids),
            ("sent_datetime", "!=", False),
        ]
        sent = dict(traces._read_group(left, ["mass_mailing_id"], ["__count"]))
        return {
            mailing: Complaints(
                counts[mailing.id][0],
                sent.get(mailing.sudo(), 0),
                *mailing._privacy_complaint_limits(),
                counts[mailing.id][1],
            )
            for mailing in self.browse(counts)
        }

    def _privacy_count_complaints(self):
        """In one statement: it is asked whenever something is about to leave. Whoever
        likes writes a report that names a mailing and nobody: such a one stops nothing
        until an officer has said that it is a complaint.

        :return: {id: (how many complained, how many an officer has to look at)}
        """
        self.env["mailing.trace"].flush_model(["privacy_complained_at"])
        self.env["privacy.complaint"].flush_model(["mailing_id", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT mailing_id, sum(certain)::int, sum(doubtful)::int
                  FROM (SELECT mass_mailing_id AS mailing_id, 1 AS certain,
                               0 AS doubtful
                          FROM mailing_trace
                         WHERE mass_mailing_id = ANY(%(ids)s)
                           AND privacy_complained_at IS NOT NULL
                     UNION ALL
                        SELECT mailing_id, (state = 'refused')::int,
                               (state = 'doubt')::int
                          FROM privacy_complaint
                         WHERE mailing_id = ANY(%(ids)s) AND state <> 'harmless'
                       ) complaint
              GROUP BY mailing_id
                """,
                ids=self._origin.ids,
            )
        )
        return {id_: (certain, doubtful) for id_, certain, doubtful in rows}

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
        text = self.env._(
            "%(count)s of %(sent)s recipients have marked it as unwanted mail "
            "(%(rate)s %%).",
            **values,
        )
        if complaints.doubtful:
            doubt = self.env._(
                "%s more reports name nobody; a privacy officer looks at them.",
                complaints.doubtful,
            )
            return f"{text} {doubt}"
        return text

    def _privacy_stopped_by_complaints(self):
        """:return: {mailing: why it stops} of those of these that too many people have
        complained about"""
        return {
            mailing: mailing._privacy_describe_complaints(complaints)
            for mailing, complaints in self._privacy_complained().items()
            if complaints.is_over
        }

    def _privacy_blockers(self):
        return super()._privacy_blockers() | self._privacy_stopped_by_complaints()
