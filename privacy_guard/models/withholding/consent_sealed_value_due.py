import logging

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# Of a row (alias "value") with its purpose and its consent (alias "record").
WAITING = SQL(
    """(purpose.active AND purpose.field_id IS NOT NULL
        AND purpose.default_selection = 'no' AND record.value = 'waiting')"""
)
# Nobody has the request yet: the days count from its delivery (ASK-1).
UNDELIVERED = SQL(
    """EXISTS (SELECT FROM consent_delivery delivery
                WHERE delivery.res_model = value.res_model
                  AND delivery.res_id = value.res_id
                  AND delivery.state <> 'undelivered')"""
)


class ConsentSealedValue(models.Model):
    """What is not as it should be, a batch at a time; the caller commits."""

    _inherit = "consent.sealed.value"
    _BATCH_SIZE = 1000

    @api.model
    def _restore_due(self, after):
        """Bring back values whose person is not waiting any more: the consent was
        switched off, or the key was missing when the person said yes."""
        return self._restore_where(
            SQL(
                """%s IS NOT TRUE AND (purpose.field_id IS NULL
                                       OR record.value IS DISTINCT FROM 'refused')""",
                WAITING,
            ),
            after,
            self._BATCH_SIZE,
        )

    @api.model
    def _restore_all(self, limit):
        """Bring back values whatever their consent says, before uninstalling; the
        caller commits and calls again.

        :param int limit: at most as many
        :return: how many remain; 0 also when none of the rest can be opened, of which
            the log tells
        """
        before, after = self._count(), 0
        while ids := self._restore_where(SQL("TRUE"), after, limit):
            remaining, after = self._count(), ids[-1]
            if remaining < before:
                return remaining
        return 0

    @api.model
    def _count(self, condition=None):
        """:param SQL condition: on the alias "value" """
        return self.env.execute_query(
            SQL(
                "SELECT count(*) FROM consent_sealed_value value WHERE %s",
                condition or SQL("TRUE"),
            )
        )[0][0]

    @api.model
    def _restore_where(self, condition, after, limit):
        """:return: ids of the rows dealt with, ascending"""
        rows = self._due(condition, after, limit)
        groups = {}
        for id_, purpose_id, model_name, res_id in rows:
            groups.setdefault((purpose_id, model_name), {})[res_id] = id_
        for (purpose_id, model_name), ids in groups.items():
            # superuser: the definition of a consent is no secret of a contact
            purpose = self.env["consent.purpose"].browse(purpose_id).sudo()
            if purpose.field_id:
                self._restore_each(purpose, model_name, list(ids))
            else:
                self._destroy_orphans(purpose, ids)
        return [row[0] for row in rows]

    @api.model
    def _restore_each(self, purpose, model_name, ids):
        """What cannot come back stays withheld, and is tried again daily."""

        def restore(some):
            self.env[model_name].browse(some)._privacy_restore_field(purpose)

        self._try_each(ids, restore, lambda one: (model_name, one[0]))

    @api.model
    def _destroy_due(self, after):
        """Destroy values whose time is over, with an event for each: the evidence of
        the person tells what became of the value (GDPR Art. 5(1)(e), 5(2)).

        :return: ids of the rows dealt with, ascending
        """
        due = SQL(
            "value.destroy_on <= %s AND %s AND NOT (%s) AND NOT (%s)",
            fields.Date.today(),
            WAITING,
            # to stop processing leaves everything as it is (GDPR Art. 18)
            self.env["consent.record"]._status_sql("value", ["stopped"]),
            UNDELIVERED,
        )
        rows = self._due(due, after, self._BATCH_SIZE)
        if rows:
            self._try_each(rows, self._destroy_rows, lambda row: row[0][2:])
        return [row[0] for row in rows]

    @api.model
    def _destroy_rows(self, rows):
        ids, *columns = map(list, zip(*rows, strict=True))
        changes = SQL(
            """
            SELECT purpose_id, res_model, res_id, 'destroy' AS kind,
                   'waiting' AS value, NULL::int AS notice_id,
                   NULL::int AS merged_res_id
              FROM unnest(%s::int[], %s::text[], %s::int[])
                   AS due (purpose_id, res_model, res_id)
            """,
            *columns,
        )
        self.env["consent.record"]._apply_changes(changes, source="system")
        _logger.info("Withheld values destroyed, their time is over: %s", ids)

    @api.model
    def _due(self, condition, after, limit):
        """Lock the next withheld values, passing over those that somebody else holds.

        :param SQL condition: on the aliases "value", "purpose" and "record"
        :return: (id, id of the consent, model, id of the subject), ascending
        """
        self.env.flush_all()  # what follows reads tables
        return self.env.execute_query(
            SQL(
                """
                SELECT value.id, value.purpose_id, value.res_model, value.res_id
                  FROM consent_sealed_value value
                  JOIN consent_purpose purpose ON purpose.id = value.purpose_id
             -- without a consent nobody is waited for
             LEFT JOIN consent_record record
                    ON record.res_model = value.res_model
                   AND record.res_id = value.res_id
                   AND record.purpose_id = value.purpose_id
                 WHERE value.id > %s AND %s
                 ORDER BY value.id LIMIT %s
                   FOR UPDATE OF value SKIP LOCKED
                """,
                after,
                condition,
                limit,
            )
        )

    @api.model
    def _destroy_orphans(self, purpose, ids):
        """The field was deleted from the database: there is nowhere to return to.

        :param dict ids: {subject id: row id}
        """
        self.env.execute_query(
            SQL(
                "DELETE FROM consent_sealed_value WHERE id = ANY(%s) RETURNING id",
                list(ids.values()),
            )
        )
        self.invalidate_model(flush=False)
        _logger.info(
            "Withheld values of %s destroyed, their field is gone: %s",
            purpose,
            list(ids),
        )
