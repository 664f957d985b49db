import logging
from functools import partial

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class ConsentSealedValue(models.Model):
    """Withholding and erasing what a consent that is switched on asks for, a batch at a
    time; the caller commits."""

    _inherit = "consent.sealed.value"

    @api.model
    def _enforce_due(self, purpose, after):
        """Withhold and erase what a consent that was switched on again, or had no key,
        has not withheld or erased yet.

        :param purpose: an active data consent
        :return: ids of the subjects dealt with, ascending
        """
        rows = self._unenforced(purpose, not self._blocker(), after)
        if rows:
            model_name = purpose.field_id.model
            enforce = partial(self._enforce_rows, purpose)
            self._try_each(rows, enforce, lambda row: (model_name, row[0][0]))
        return [res_id for res_id, _value in rows]

    @api.model
    def _enforce_rows(self, purpose, rows):
        subjects = self.env[purpose.field_id.model]
        waiting = [res_id for res_id, value in rows if value == "waiting"]
        refused = [res_id for res_id, value in rows if value == "refused"]
        if waiting:
            subjects.browse(waiting)._privacy_withhold_field(purpose)
        if refused:
            subjects.browse(refused)._privacy_erase_field(purpose.field_id.name)
            _logger.info("Values of refused consent %s erased: %s", purpose.id, refused)

    @api.model
    def _note_enforced(self, purpose, _after):
        """Nothing is left to do, unless the consent was switched at this moment, or
        there is no key.

        :return: no ids: it is done once
        """
        if not self._unenforced(purpose, True, 0):
            purpose.to_enforce = False
        return []

    @api.model
    def _unenforced(self, purpose, can_withhold, after):
        """:param bool can_withhold: whether those who have not answered count
        :return: (id of the subject, value of the consent) of the next ones that have
            a value in their column; whoever answers at this moment starts again
        """
        self.env.flush_all()  # what follows reads tables
        model_name = purpose.field_id.model
        withholds = can_withhold and purpose._withholds()
        return self.env.execute_query(
            SQL(
                """
                SELECT record.res_id, record.value
                  FROM consent_record record
                  JOIN %(table)s subject ON subject.id = record.res_id
                 WHERE record.purpose_id = %(purpose_id)s
                   AND record.res_model = %(model)s
                   AND record.value = ANY(%(values)s)
                   AND subject.%(column)s IS NOT NULL
                   AND record.res_id > %(after)s
                 ORDER BY record.res_id LIMIT %(limit)s
                   -- who answers at this moment waits for us, or we for them
                   FOR SHARE OF record
                """,
                table=SQL.identifier(self.env[model_name]._table),
                column=SQL.identifier(purpose.field_id.name),
                purpose_id=purpose.id,
                model=model_name,
                values=["refused", "waiting"] if withholds else ["refused"],
                after=after,
                limit=self._BATCH_SIZE,
            )
        )
