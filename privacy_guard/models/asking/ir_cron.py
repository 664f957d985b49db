from odoo import api, fields, models
from odoo.tools import SQL

from ...constants import FOLLOWING
from ...tools import schedule


class IrCron(models.Model):
    """Runs that keep their local hour when the clocks change.

    Odoo adds the interval to a time that carries the offset of the day before, so a
    daily job moves by an hour twice a year. The time of these is computed anew.
    """

    _inherit = "ir.cron"

    @api.model
    def _reschedule_later(self, job):
        kind = self._privacy_kinds().get(job["id"])
        if not kind:
            return super()._reschedule_later(job)
        now = self.env.cr.now().replace(microsecond=0)
        due = schedule.next_due(now, *self.env["consent.run"]._due_at(kind))
        # as in super(): the row is locked here, by SQL and not through write()
        self.env.cr.execute(
            SQL(
                "UPDATE ir_cron SET nextcall = %s, lastcall = %s WHERE id = %s",
                due,
                now,
                job["id"],
            )
        )

    @api.model
    def _privacy_kinds(self):
        """:return: {id of the scheduled action: kind of run}"""
        crons = {
            kind: self.env.ref(xmlid, raise_if_not_found=False)
            for kind, xmlid in self.env["consent.run"]._CRONS.items()
        }
        return {cron.id: kind for kind, cron in crons.items() if cron}

    @api.model
    def _privacy_reschedule(self):
        """Compute the next time of each run again, after a setting has changed."""
        now = fields.Datetime.now()
        for cron_id, kind in self._privacy_kinds().items():
            due = schedule.next_due(now, *self.env["consent.run"]._due_at(kind))
            cron = self.browse(cron_id).with_context(privacy_following=FOLLOWING)
            if cron.nextcall != due:
                cron.nextcall = due
