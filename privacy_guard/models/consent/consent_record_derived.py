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

    def _becomes_sql(self, now, answered_at):
        """:return: SQL of the columns of the row, of "change", its row, "old", and what
        its events say: the last one, "head", and the answer, "said" """
        return SQL(
            """
                   -- the last answer outlives a lapse, not being asked again
                   CASE WHEN change.value IN ('granted', 'refused') THEN change.value
                        WHEN change.kind = 'reset' THEN NULL
                        ELSE said.answer END AS answer,
                   CASE WHEN change.value = head.value_to THEN old.since
                        ELSE %(now)s END AS since,
                   CASE WHEN change.kind = 'request' THEN %(now)s
                        ELSE old.requested_at END AS requested_at,
                   -- an answer that another record brings along is as old as ours
                   CASE WHEN change.kind = 'answer' THEN %(answered_at)s
                        WHEN change.kind = 'merge'
                         AND change.value IN ('granted', 'refused')
                        THEN COALESCE(said.answered_at, %(now)s)
                        WHEN change.kind = 'reset' THEN NULL
                        ELSE said.answered_at END AS answered_at,
                   -- answering the revised text, or being asked anew, ends the review
                   CASE WHEN change.kind = 'review' THEN TRUE
                        WHEN change.kind IN ('answer', 'reset') THEN FALSE
                        ELSE COALESCE(old.to_review, FALSE) END AS to_review,
                   CASE WHEN change.kind = 'told' THEN %(now)s
                        WHEN change.kind = 'review' THEN NULL
                        ELSE old.review_told_at END AS review_told_at,
                   -- peace begins with a request or a no, and ends with a yes
                   CASE WHEN change.kind IN ('reset', 'undelivered')
                          OR change.value = 'granted' THEN NULL
                        WHEN change.kind = 'request' THEN %(now)s
                        WHEN change.value = 'refused' AND change.kind = 'answer'
                        THEN %(answered_at)s
                        WHEN change.value = 'refused'
                         AND head.value_to IS DISTINCT FROM 'refused' THEN %(now)s
                        ELSE old.peace_since END AS peace_since
            """,
            now=now,
            answered_at=answered_at or SQL("%s", now),
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
