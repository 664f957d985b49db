import logging
from functools import partial

from odoo import api, fields, models
from odoo.service.model import retrying
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# Of a row (alias "value") with its purpose and its consent (alias "record").
WAITING = SQL(
    """(purpose.active AND purpose.field_id IS NOT NULL
        AND purpose.default_selection = 'no' AND record.value = 'waiting')"""
)


class ConsentSealedValue(models.Model):
    """What is due for withheld values, daily and when a consent is switched on or off.

    Each batch is one transaction: a kill anywhere leaves a value on its contact or
    sealed. What the batches look for is what is not as it should be, so that they
    finish whatever was interrupted or impossible before.
    """

    _inherit = "consent.sealed.value"
    _BATCH_SIZE = 1000

    @api.model
    def _run_daily(self):
        """Bring back, destroy, withhold and seal again what is due, as far as time
        allows."""
        if not self.env["privacy.gate"]._is_enabled():
            return
        purposes = self.env["consent.purpose"].search([("field_id", "!=", False)])
        steps = [self._restore_due, self._destroy_due]
        steps += [partial(self._enforce_due, purpose) for purpose in purposes]
        for step in steps:
            if not self._run_step(step):
                return
        if self._reseal_all():
            self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _run_step(self, step):
        """:param step: takes the id after which to begin; returns the ids it dealt with
        :return: whether there was time for all of it"""

        def batch(after):
            ids = step(after)
            return ids, self.env["ir.cron"]._commit_progress(len(ids), remaining=1)

        ids, seconds = retrying(partial(batch, 0), self.env)
        while ids and seconds:
            ids, seconds = retrying(partial(batch, ids[-1]), self.env)
        return bool(seconds)

    @api.model
    def _reseal_all(self):
        """After a rotation, seal all under the newest key.

        :return: whether there was time for all of it
        """

        def batch():
            remaining = 0 if self._key_problem() else self._reseal(self._BATCH_SIZE)
            return remaining, self.env["ir.cron"]._commit_progress(remaining=1)

        remaining, seconds = retrying(batch, self.env)
        while remaining and seconds:
            remaining, seconds = retrying(batch, self.env)
        return bool(seconds)

    @api.model
    def _settle(self):
        """A consent was switched on or off: begin now, the rest in the background."""
        self._restore_due(0)
        self.env.ref("privacy_guard.ir_cron_withheld_values")._trigger()

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
                self.env[model_name].browse(ids)._restore_field(purpose)
            else:
                self._destroy_orphans(purpose, ids)
        return [row[0] for row in rows]

    @api.model
    def _destroy_due(self, after):
        """Destroy values whose time is over, with an event for each: the evidence of
        the person tells what became of the value (GDPR Art. 5(1)(e), 5(2)).

        :return: ids of the rows dealt with, ascending
        """
        due = SQL("value.destroy_on <= %s AND %s", fields.Date.today(), WAITING)
        rows = self._due(due, after, self._BATCH_SIZE)
        if rows:
            ids, purpose_ids, model_names, res_ids = map(list, zip(*rows, strict=True))
            self.env["consent.record"]._apply_changes(
                SQL(
                    """
                    SELECT purpose_id, res_model, res_id, 'destroy' AS kind,
                           'waiting' AS value, NULL::int AS notice_id,
                           NULL::int AS merged_res_id
                      FROM unnest(%s::int[], %s::text[], %s::int[])
                           AS due (purpose_id, res_model, res_id)
                    """,
                    purpose_ids,
                    model_names,
                    res_ids,
                ),
                source="system",
            )
            _logger.info("Withheld values destroyed, their time is over: %s", ids)
        return [row[0] for row in rows]

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

    @api.model
    def _enforce_due(self, purpose, after):
        """Withhold and erase what a consent that was switched on again, or had no key,
        has not withheld or erased yet.

        :param purpose: an active data consent
        :return: ids of the subjects dealt with, ascending
        """
        self.env.flush_all()  # what follows reads tables
        values = ["refused"]
        if purpose.default_selection == "no" and not self._obstacle():
            values.append("waiting")
        rows = self.env.execute_query(
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
                   FOR SHARE OF record
                """,
                table=SQL.identifier(self.env[purpose.field_id.model]._table),
                column=SQL.identifier(purpose.field_id.name),
                purpose_id=purpose.id,
                model=purpose.field_id.model,
                values=values,
                after=after,
                limit=self._BATCH_SIZE,
            )
        )
        subjects = self.env[purpose.field_id.model]
        waiting = [res_id for res_id, value in rows if value == "waiting"]
        refused = [res_id for res_id, value in rows if value == "refused"]
        if waiting:
            subjects.browse(waiting)._withhold_field(purpose)
        if refused:
            subjects.browse(refused)._erase_field(purpose.field_id.name)
            _logger.info("Values of refused consent %s erased: %s", purpose.id, refused)
        return [res_id for res_id, _value in rows]
