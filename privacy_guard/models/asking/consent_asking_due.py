import logging
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# A person is asked at most once in this time, by whomever.
ASK_INTERVAL = timedelta(hours=24)
# what people may be asked about, whatever context a caller sets
PUBLISHED = [("active", "=", True), ("version", ">", 0)]


class ConsentAsking(models.AbstractModel):
    """What is due: of whom a campaign has something to ask, and what."""

    _inherit = "consent.asking"

    @api.model
    def _due_consents(self, campaign, model_name, ids):
        """:return: {subject id: [(purpose, value)], in the order of the purposes}"""
        columns = SQL("record.res_id, record.purpose_id, record.value")
        rows = self.env.execute_query(
            SQL(
                "%s AND record.res_id = ANY(%s)",
                self._due_sql(campaign, model_name, columns),
                ids,
            )
        )
        purposes = {purpose.id: purpose for purpose in self._purposes(campaign)}
        rank = {purpose_id: place for place, purpose_id in enumerate(purposes)}
        due = defaultdict(list)
        for res_id, purpose_id, value in sorted(rows, key=lambda row: rank[row[1]]):
            due[res_id].append((purposes[purpose_id], value))
        return due

    @api.model
    def _purposes(self, campaign):
        """:return: active purposes with a published text; no other is put to people"""
        # superuser: asking is not limited to what the user may see
        purposes = self.env["consent.purpose"].sudo().search(PUBLISHED)
        return purposes - self._held_back() if campaign.is_request else purposes

    @api.model
    def _held_back(self):
        """:return: purposes that nobody can be asked about now, because values would
        have to be withheld and cannot be"""
        # superuser: as in _purposes
        purposes = self.env["consent.purpose"].sudo()
        if not self.env["consent.sealed.value"]._blocker():
            return purposes
        withholding = [("field_id", "!=", False), ("default_selection", "=", "no")]
        return purposes.search([*PUBLISHED, *withholding])

    @api.model
    def _log_held_back(self):
        if purposes := self._held_back():
            _logger.error(
                "Nobody is asked for the consents %s: %s",
                purposes.ids,
                self.env["consent.sealed.value"]._key_error(),
            )

    @api.model
    def _due_sql(self, campaign, model_name, columns):
        """:return: SELECT of the consents (alias "record") that the mail is about"""
        return SQL(
            """SELECT %s FROM consent_record record
                WHERE record.res_model = %s AND record.purpose_id = ANY(%s) AND %s""",
            columns,
            model_name,
            self._purposes(campaign).ids,
            campaign.due(self.env["consent.record"]),
        )

    @api.model
    def _count_to_ask(self, campaign):
        """:return: number of people whom a run that begins now would write to"""
        self.env.flush_all()  # what follows reads tables
        return sum(
            self._count_to_ask_of(campaign, model_name)
            for model_name in self.env["consent.record"]._subject_models()
        )

    @api.model
    def _count_to_ask_of(self, campaign, model_name):
        _subjects, query = self._askable(campaign, model_name)
        sql = self._due_sql(campaign, model_name, SQL("count(DISTINCT record.res_id)"))
        return self.env.execute_query(
            SQL("%s AND record.res_id IN %s", sql, query.subselect())
        )[0][0]

    @api.model
    def _asked_lately_sql(self, alias):
        return SQL(
            "%s > %s",
            SQL.identifier(alias, "consent_requested_at"),
            fields.Datetime.now() - ASK_INTERVAL,
        )
