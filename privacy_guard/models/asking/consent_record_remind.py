from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from .consent_delivery import PENDING


class Reminders(NamedTuple):
    """How often who has not answered is reminded, and how many days apart."""

    number: int
    days: int


class ConsentRecord(models.Model):
    """Reminders of a request (JOB-6): as many as the settings say, none by default, and
    none to who has answered."""

    _inherit = "consent.record"

    @api.model
    def _reminders(self):
        """:return: ``Reminders`` of the settings"""
        number = self.env["consent.run"]._number
        days = int(number("reminder_days", 7))
        return Reminders(int(number("reminder_number", 0)), max(days, 1))

    @api.model
    def _to_remind_sql(self, alias):
        """:return: SQL of whether somebody who is waiting is to be reminded now: their
        last mail left long enough ago, and was not the last one that they get"""
        wanted = self._reminders()
        return SQL(
            """(%(row)s.value = 'waiting'
                AND COALESCE(GREATEST(%(row)s.requested_at, %(row)s.reminded_at),
                             %(row)s.since)
                    + make_interval(days => %(days)s) <= %(now)s
                AND %(number)s > (
                    SELECT count(*) FILTER (WHERE told.kind = 'remind')
                      FROM (SELECT event.kind,
                                   bool_or(event.kind = 'request') OVER later AS over
                              FROM consent_event event
                             WHERE event.res_model = %(row)s.res_model
                               AND event.res_id = %(row)s.res_id
                               AND event.purpose_id = %(row)s.purpose_id
                            WINDOW later AS (ORDER BY event.sequence DESC)) AS told
                     WHERE NOT told.over)
                AND NOT EXISTS (
                    SELECT FROM consent_delivery delivery
                     WHERE delivery.res_model = %(row)s.res_model
                       AND delivery.res_id = %(row)s.res_id
                       AND delivery.state = ANY(%(pending)s)))""",
            row=SQL.identifier(alias),
            now=fields.Datetime.now(),
            number=wanted.number,
            days=wanted.days,
            pending=list(PENDING),
        )
