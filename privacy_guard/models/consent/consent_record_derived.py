from odoo import api, models
from odoo.tools import SQL

# events in which the person says yes or no, here or on another record of theirs
SAID = "event.kind IN ('answer', 'merge') AND event.value_to IN ('granted', 'refused')"
# column of the row, or about it -> (value of the last event for which something holds,
# what holds)
FOLLOWS_FROM = {
    "last_event_id": ("event.id", "TRUE"),
    "value": ("event.value_to", "TRUE"),
    "answer": (
        "CASE WHEN event.kind <> 'reset' THEN event.value_to END",
        f"event.kind = 'reset' OR {SAID}",
    ),
    "answered_at": (
        "CASE WHEN event.kind <> 'reset'"
        " THEN COALESCE(event.answered_at, event.date) END",
        f"event.kind = 'reset' OR {SAID}",
    ),
    # former versions of events do not say when the answer was given that they tell of
    "is_dated": (
        "event.version >= 3 OR event.kind = 'answer' AND event.source <> 'import'",
        f"event.kind = 'reset' OR {SAID}",
    ),
    "notice_id": ("event.notice_id", "event.notice_id IS NOT NULL"),
    "since": ("event.date", "event.value_from IS DISTINCT FROM event.value_to"),
    "requested_at": ("event.date", "event.kind = 'request'"),
    "to_review": (
        "event.kind = 'review'",
        "event.kind IN ('review', 'answer', 'reset')",
    ),
    "review_told_at": (
        "CASE WHEN event.kind = 'told' THEN event.date END",
        "event.kind IN ('told', 'review')",
    ),
}


class ConsentRecord(models.Model):
    """What a row says follows from its events, which nobody can change unnoticed.

    The row is for reading quickly. Whatever looks back asks the events, so that a
    row that somebody altered does not become evidence (EVI-1).
    """

    _inherit = "consent.record"

    @api.model
    def _follows_sql(self):
        """:return: SQL of the columns of a row, as its events, the group of rows of
        "event", say"""
        return SQL(", ").join(
            SQL(
                "(array_agg(%s ORDER BY event.sequence DESC) FILTER (WHERE %s))[1]"
                " AS %s",
                SQL(value),
                SQL(condition),
                SQL.identifier(name),
            )
            for name, (value, condition) in FOLLOWS_FROM.items()
        )

    @api.model
    def _said_sql(self, row):
        """:param str row: alias of a row with res_model, res_id and purpose_id
        :return: SQL select of the answer that stands, and of when it was given; no row
            when the person has said nothing, or was asked anew since. To be joined
            ``LATERAL``"""
        return SQL(
            """
            SELECT last.value_to AS answer,
                   COALESCE(last.answered_at, last.date) AS answered_at
              FROM (SELECT event.kind, event.value_to, event.answered_at, event.date
                      FROM consent_event event
                     WHERE event.res_model = %(row)s.res_model
                       AND event.res_id = %(row)s.res_id
                       AND event.purpose_id = %(row)s.purpose_id
                       AND (event.kind = 'reset' OR %(said)s)
                  ORDER BY event.sequence DESC
                     LIMIT 1) AS last
             WHERE last.kind <> 'reset'
            """,
            row=SQL.identifier(row),
            said=SQL(SAID),
        )
