from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...constants import MOST
from .consent_record_derived import ENDS_AT, IMPLIED_UNTIL

# how many days before its end people are told of it
NOTICE_DAYS = (30, 7, 1)
# what holds of somebody who was not asked, or has not answered, and whom a relationship
# allows to write to: never a value of a row
IMPLIED = "implied"
# what allows messages whatever the default is
ALLOWING = ("granted", IMPLIED)


class ConsentRecord(models.Model):
    """Until when a yes holds (TIM-4), or a relationship (TIM-3). The row says so;
    whoever asks compares it with now, so that nothing depends on when the event of the
    end is written."""

    _inherit = "consent.record"

    def init(self):
        # a moment that Python cannot read, of a former version's purpose
        self.env.cr.execute(
            SQL(
                """UPDATE consent_record
                      SET ends_at = now() AT TIME ZONE 'UTC'
                                    + make_interval(months => %(most)s)
                    WHERE ends_at > now() AT TIME ZONE 'UTC'
                                    + make_interval(months => %(most)s, days => 1)""",
                most=MOST["months"],
            )
        )
        return super().init()

    @api.model
    def _value_sql(self, alias, at=None):
        """:param str alias: of the table of consents
        :param at: the moment that is asked about, now if none
        :return: SQL of the value that holds then, or :data:`IMPLIED`"""
        return SQL(
            "CASE WHEN %(row)s.value = 'granted' AND %(row)s.ends_at <= %(now)s"
            " THEN 'applicable'"
            " WHEN %(row)s.value IN ('applicable', 'waiting')"
            " AND %(row)s.ends_at > %(now)s AND NOT %(objected)s THEN 'implied'"
            " ELSE %(row)s.value END",
            row=SQL.identifier(alias),
            now=at or fields.Datetime.now(),
            objected=self._objected_sql(SQL.identifier(alias)),
        )

    def _value_now(self):
        """:return: as :meth:`_value_sql`, of one consent"""
        self.ensure_one()
        holds = self.ends_at and self.ends_at > fields.Datetime.now()
        if holds and self.value in ("applicable", "waiting") and not self.is_objected:
            return IMPLIED
        is_over = self.ends_at and not holds
        return "applicable" if self.value == "granted" and is_over else self.value

    def _is_ending(self):
        """:return: whether the person has been told that their yes ends, or will be"""
        self.ensure_one()
        soon = fields.Datetime.now() + timedelta(days=max(NOTICE_DAYS))
        return self.value == "granted" and bool(self.ends_at and self.ends_at <= soon)

    @api.model
    def _ending_sql(self, alias):
        """:return: SQL of whether the person is to be told now: a day of telling has
        come, and they have neither been told nor said yes since"""
        return SQL(
            """(%(row)s.value = 'granted' AND %(row)s.ends_at > %(now)s
                AND EXISTS (
                    SELECT FROM unnest(%(days)s::int[]) AS notice (days)
                CROSS JOIN LATERAL (
                           SELECT %(row)s.ends_at - make_interval(days => notice.days))
                           AS told (moment)
                     WHERE told.moment <= %(now)s
                       AND told.moment
                           > GREATEST(%(row)s.answered_at, %(row)s.end_told_at)))""",
            row=SQL.identifier(alias),
            now=fields.Datetime.now(),
            days=list(NOTICE_DAYS),
        )

    @api.model
    def _end_over(self, model_name, purposes, within):
        """End what is over: a yes that was not renewed, a relationship, and the peace
        after a no.

        :param purposes: active ones
        :param SQL within: what the ids of the subjects must meet
        :return: number of consents that changed
        """
        purposes = purposes._implied() | purposes.filtered(
            lambda p: p.valid_months or p.ask_again_at
        )
        if not purposes:
            return 0
        return self._apply_changes(
            SQL(
                """
                SELECT record.purpose_id, record.res_model, record.res_id,
                       CASE record.value WHEN 'granted' THEN 'expire'
                            WHEN 'refused' THEN 'reset' ELSE 'elapse' END AS kind,
                       CASE record.value WHEN 'granted' THEN purpose.ends_as
                            WHEN 'refused' THEN 'applicable'
                            ELSE record.value END AS value,
                       NULL::int AS notice_id, NULL::int AS merged_res_id
                  FROM consent_record record
                  JOIN consent_purpose purpose ON purpose.id = record.purpose_id
                 WHERE record.res_model = %(model)s AND record.res_id %(within)s
                   AND purpose.id = ANY(%(purposes)s)
                   AND (record.value <> 'refused' AND record.ends_at <= %(now)s
                        OR %(kept)s AND NOT %(in_peace)s)
                """,
                model=model_name,
                within=within,
                purposes=purposes.ids,
                now=fields.Datetime.now(),
                kept=self._kept_no_sql(),
                in_peace=self._in_peace_sql("record"),
            ),
            source="system",
        )

    @api.model
    def _settle_ends(self, purposes):
        """Have what was granted, or a relationship, hold for as long as these purposes
        say now."""
        purposes.flush_model()
        self.env.execute_query(
            SQL(
                """
                UPDATE consent_record record
                   SET ends_at = CASE WHEN record.value = 'granted' THEN %(ends)s
                                      ELSE %(implied)s END
                  FROM consent_purpose purpose
                 WHERE purpose.id = record.purpose_id AND purpose.id = ANY(%(ids)s)
                   AND (record.value = 'granted'
                        OR record.value IN ('applicable', 'waiting')
                           AND record.related_by IS NOT NULL)
             RETURNING record.id
                """,
                ends=SQL(ENDS_AT, answered_at=SQL("record.answered_at")),
                implied=SQL(
                    IMPLIED_UNTIL,
                    related_at=SQL("record.related_at"),
                    related_by=SQL("record.related_by"),
                ),
                ids=purposes.ids,
            )
        )
        self.invalidate_model(["ends_at"], flush=False)
