from odoo import api, fields, models
from odoo.tools import SQL

from ..models.evidence.consent_event import SOURCES

# of fewer people nothing is said: a rate of few is chance, and may tell of each
SMALLEST_GROUP = 10
# of the interval: in 95 of 100 groups like this one, the rate lies in it
DEVIATIONS = 1.959964
BY = [("source", "Source"), ("text", "Text")]


class PrivacyYesRate(models.Model):
    """How many of those who answered said yes: by where they did, and by the text that
    they read (RCH-1). Of each person the last answer of the group counts.

    Those are counted whom the reader may read, as everywhere (ROL-1): what others have
    answered cannot be told from two numbers either.
    """

    _name = "privacy.yes.rate"
    _description = "Yes-rates"
    _auto = False
    _log_access = False
    _rec_name = "purpose_id"
    _order = "purpose_id, by, rate desc"
    _depends = {
        "consent.event": [
            *("kind", "notice_id", "purpose_id", "res_id", "res_model", "sequence"),
            *("source", "value_to"),
        ],
    }

    purpose_id = fields.Many2one("consent.purpose", "Consent", readonly=True)
    by = fields.Selection(BY, readonly=True)
    source = fields.Selection(SOURCES, readonly=True)
    notice_id = fields.Many2one("consent.notice", "Text", readonly=True)
    version = fields.Integer(related="notice_id.version", string="Version")
    lang = fields.Char(related="notice_id.lang", string="Language")
    answers = fields.Integer("People who answered", readonly=True, aggregator=None)
    agreed = fields.Integer("Said yes", readonly=True, aggregator=None)
    rate = fields.Float("Yes-rate", readonly=True, aggregator=None)
    rate_low = fields.Float(
        "At least",
        readonly=True,
        aggregator=None,
        help="95 % interval (Wilson): what the rate may be by chance.",
    )
    rate_high = fields.Float("At most", readonly=True, aggregator=None)

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT *, (center - half) / scale AS rate_low,
                   LEAST((center + half) / scale, 1) AS rate_high
              FROM (SELECT *, agreed::float / answers AS rate,
                           1 + %(squared)s / answers AS scale,
                           agreed::float / answers + %(squared)s / (2 * answers)
                               AS center,
                           %(deviations)s * sqrt(
                               agreed::float * (answers - agreed) / answers ^ 3
                               + %(squared)s / (4 * answers::float ^ 2)) AS half
                      FROM (%(counted)s) AS counted) AS estimated
            """,
            counted=SQL(" UNION ALL ").join([self._by_source(), self._by_text()]),
            deviations=DEVIATIONS,
            squared=DEVIATIONS**2,
        )

    @api.model
    def _by_source(self):
        places = [source for source, _label in SOURCES]
        return SQL(
            """SELECT said.purpose_id::bigint * 1000
                      + array_position(%s::varchar[], said.source) AS id,
                      said.purpose_id, 'source' AS by, said.source,
                      NULL::int AS notice_id, %s""",
            places,
            self._counted("source", SQL("said.purpose_id, said.source")),
        )

    @api.model
    def _by_text(self):
        return SQL(
            """SELECT -said.notice_id::bigint AS id,
                      said.purpose_id, 'text' AS by, NULL AS source,
                      said.notice_id, %s""",
            self._counted("notice_id", SQL("said.purpose_id, said.notice_id")),
        )

    @api.model
    def _counted(self, column, group):
        """:param str column: of events, by which answers are counted
        :return: SQL of the numbers of each group"""
        answers = [("kind", "=", "answer"), (column, "!=", False)]
        said = self.env["consent.event"]._search(answers)
        return SQL(
            """count(*) AS answers,
               count(*) FILTER (WHERE said.value_to = 'granted') AS agreed
               FROM (SELECT DISTINCT ON (%(event)s.purpose_id, %(event)s.%(by)s,
                                         %(event)s.res_model, %(event)s.res_id)
                            %(event)s.purpose_id, %(event)s.%(by)s, %(event)s.value_to
                       FROM %(events)s
                      WHERE %(readable)s
                   ORDER BY %(event)s.purpose_id, %(event)s.%(by)s, %(event)s.res_model,
                            %(event)s.res_id, %(event)s.sequence DESC) AS said
              GROUP BY %(group)s HAVING count(*) >= %(smallest)s""",
            by=SQL.identifier(column),
            event=SQL.identifier(said.table),
            events=said.from_clause,
            readable=said.where_clause,
            group=group,
            smallest=SMALLEST_GROUP,
        )

    def exists(self):
        """Whose rate is not the user's to read is refused, and so is one that is not
        there: which of both it is would tell what others have answered."""
        return super().exists() if self.env.su else self

    def action_open_answers(self):
        """Open the answers that a rate is made of: those whose people the user may
        read."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "privacy_guard.consent_event_action"
        )
        name = "source" if self.by == "source" else "notice_id"
        own = self.source if self.by == "source" else self.notice_id.id
        domain = [
            ("kind", "=", "answer"),
            ("purpose_id", "=", self.purpose_id.id),
            (name, "=", own),
        ]
        return {**action, "domain": domain, "context": {}}
