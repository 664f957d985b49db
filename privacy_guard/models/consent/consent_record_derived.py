from odoo import api, models
from odoo.tools import SQL

from ...constants import MOST
from ..purpose.consent_purpose_implied import IMPLIED_MONTHS

# events in which the person says yes or no, here or on another record of theirs
SAID = "event.kind IN ('answer', 'merge') AND event.value_to IN ('granted', 'refused')"
# after which an answer does not count any more
FORGOTTEN = "event.kind IN ('reset', 'expire')"
# of "purpose": until when a yes of a moment holds, but nobody's ends unannounced
ENDS_AT = f"""CASE WHEN purpose.valid_months > 0
                  THEN GREATEST(%(answered_at)s
                                + make_interval(months =>
                                  LEAST(purpose.valid_months, {MOST["months"]})),
                                purpose.valid_from + make_interval(days => 30)) END"""
_MONTHS = " ".join(
    f"WHEN '{basis} {kind}' THEN {months}"
    for basis, by_kind in IMPLIED_MONTHS.items()
    for kind, months in by_kind.items()
)
# of "purpose": until when a relationship of a moment allows messages; NULL: not at all
IMPLIED_UNTIL = f"""%(related_at)s + make_interval(months =>
                    CASE purpose.legal_basis || ' ' || %(related_by)s {_MONTHS} END)"""
# events in which a relationship comes about, or is renewed (TIM-3)
RELATES = "event.kind IN ('purchase', 'inquiry')"
# after which it does not count any more: what the person says goes before it
UNRELATED = (
    "(event.kind IN ('expire', 'elapse', 'unrelate')"
    " OR event.value_to IN ('granted', 'refused'))"
)
# column of the row, or about it -> (value of the last event for which something holds,
# what holds)
FOLLOWS_FROM = {
    "last_event_id": ("event.id", "TRUE"),
    "value": ("event.value_to", "TRUE"),
    "answer": (
        f"CASE WHEN NOT {FORGOTTEN} THEN event.value_to END",
        f"{FORGOTTEN} OR {SAID}",
    ),
    "answered_at": (
        f"CASE WHEN NOT {FORGOTTEN} THEN COALESCE(event.answered_at, event.date) END",
        f"{FORGOTTEN} OR {SAID}",
    ),
    # former versions of events do not say when the answer was given that they tell of
    "is_dated": (
        "event.version >= 3 OR event.kind = 'answer' AND event.source <> 'import'",
        f"{FORGOTTEN} OR {SAID}",
    ),
    "notice_id": ("event.notice_id", "event.notice_id IS NOT NULL"),
    "since": ("event.date", "event.value_from IS DISTINCT FROM event.value_to"),
    "requested_at": ("event.date", "event.kind = 'request'"),
    "to_review": (
        "event.kind = 'review'",
        "event.kind IN ('review', 'answer', 'reset', 'expire')",
    ),
    "review_told_at": (
        "CASE WHEN event.kind = 'told' THEN event.date END",
        "event.kind IN ('told', 'review')",
    ),
    "peace_since": (
        "CASE WHEN event.kind IN ('reset', 'undelivered', 'expire')"
        " OR event.value_to = 'granted' THEN NULL"
        " WHEN event.kind IN ('peace', 'answer')"
        " THEN COALESCE(event.answered_at, event.date) ELSE event.date END",
        "event.kind IN ('request', 'remind', 'peace', 'reset', 'undelivered', 'expire')"
        " OR event.value_to = 'granted'"
        " OR event.value_to = 'refused'"
        " AND (event.kind = 'answer' OR event.value_from IS DISTINCT FROM 'refused')",
    ),
    "related_by": (
        f"CASE WHEN {RELATES} AND NOT {UNRELATED} THEN event.kind END",
        f"{RELATES} OR {UNRELATED}",
    ),
    "related_at": (
        f"CASE WHEN {RELATES} AND NOT {UNRELATED}"
        " THEN COALESCE(event.answered_at, event.date) END",
        f"{RELATES} OR {UNRELATED}",
    ),
    "end_told_at": ("event.date", "event.kind = 'expiring'"),
    "reminded_at": ("event.date", "event.kind = 'remind'"),
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
        given = SQL("COALESCE(%s, %s)", answered_at or now, now)
        answered = self._answered_at_sql(given)
        related_by = self._related_sql(SQL("change.kind"), SQL("old.related_by"))
        related_at = self._related_sql(given, SQL("old.related_at"))
        return SQL(
            """
                   -- the last answer outlives a lapse, not its end or being asked again
                   CASE WHEN change.kind IN ('reset', 'expire') THEN NULL
                        WHEN change.value IN ('granted', 'refused') THEN change.value
                        ELSE said.answer END AS answer,
                   %(answered)s AS answered_at,
                   %(related_by)s AS related_by,
                   %(related_at)s AS related_at,
                   CASE WHEN change.value = 'granted' THEN %(ends)s
                        WHEN change.value IN ('applicable', 'waiting')
                        THEN %(implied)s END AS ends_at,
                   %(peace)s AS peace_since,
                   %(other)s
            """,
            answered=answered,
            related_by=related_by,
            related_at=related_at,
            ends=SQL(ENDS_AT, answered_at=answered),
            implied=SQL(IMPLIED_UNTIL, related_at=related_at, related_by=related_by),
            peace=self._peace_since_sql(now, given),
            other=self._other_columns_sql(now),
        )

    @api.model
    def _related_sql(self, new, old):
        """:param SQL new: what a purchase or inquiry makes of a column
        :param SQL old: what it was
        :return: SQL of what it becomes: no answer and no end leaves a relationship"""
        return SQL(
            """CASE WHEN change.kind IN ('expire', 'elapse', 'unrelate')
                      OR change.value IN ('granted', 'refused') THEN NULL
                    WHEN change.kind IN ('purchase', 'inquiry') THEN %s
                    ELSE %s END""",
            new,
            old,
        )

    def _other_columns_sql(self, now):
        """:return: as :meth:`_becomes_sql`, of what does not look at the answer"""
        return SQL(
            """
                   CASE WHEN change.value = head.value_to THEN old.since
                        ELSE %(now)s END AS since,
                   CASE WHEN change.kind = 'request' THEN %(now)s
                        ELSE old.requested_at END AS requested_at,
                   -- answering the revised text, or being asked anew, ends the review
                   CASE WHEN change.kind = 'review' THEN TRUE
                        WHEN change.kind IN ('answer', 'reset', 'expire') THEN FALSE
                        ELSE COALESCE(old.to_review, FALSE) END AS to_review,
                   CASE WHEN change.kind = 'told' THEN %(now)s
                        WHEN change.kind = 'review' THEN NULL
                        ELSE old.review_told_at END AS review_told_at,
                   CASE WHEN change.kind = 'expiring' THEN %(now)s
                        ELSE old.end_told_at END AS end_told_at,
                   CASE WHEN change.kind = 'remind' THEN %(now)s
                        ELSE old.reminded_at END AS reminded_at
            """,
            now=now,
        )

    @api.model
    def _answered_at_sql(self, given):
        """:param SQL given: when the answer was given, if this is one
        :return: SQL of when the answer was given that stands afterwards"""
        return SQL(
            """CASE WHEN change.kind = 'answer' THEN %(given)s
                    -- what another record brings along is as old as what was said here
                    WHEN change.kind = 'merge'
                     AND change.value IN ('granted', 'refused')
                    THEN COALESCE(said.answered_at, %(given)s)
                    WHEN change.kind IN ('reset', 'expire') THEN NULL
                    ELSE said.answered_at END""",
            given=given,
        )

    @api.model
    def _peace_since_sql(self, now, given):
        """:return: SQL of since when the person is left in peace (TIM-1): since they
        were asked or said no; not after a yes"""
        return SQL(
            """CASE WHEN change.kind IN ('reset', 'undelivered', 'expire')
                      OR change.value = 'granted' THEN NULL
                    WHEN change.kind IN ('request', 'remind') THEN %(now)s
                    WHEN change.kind = 'peace'
                      OR change.value = 'refused' AND change.kind = 'answer'
                    THEN %(given)s
                    WHEN change.value = 'refused'
                     AND head.value_to IS DISTINCT FROM 'refused' THEN %(now)s
                    ELSE old.peace_since END""",
            now=now,
            given=given,
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
              FROM (SELECT %(forgotten)s AS forgotten, event.value_to,
                           event.answered_at, event.date
                      FROM consent_event event
                     WHERE event.res_model = %(row)s.res_model
                       AND event.res_id = %(row)s.res_id
                       AND event.purpose_id = %(row)s.purpose_id
                       AND (%(forgotten)s OR %(said)s)
                  ORDER BY event.sequence DESC
                     LIMIT 1) AS last
             WHERE NOT last.forgotten
            """,
            row=SQL.identifier(row),
            forgotten=SQL(FORGOTTEN),
            said=SQL(SAID),
        )
