from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import outside

WEBHOOK = "privacy_guard.log_webhook"
MOST_BYTES_OF_ANSWER = 1 << 16  # nothing of it is kept


class ConsentWebhook(models.Model):
    """Where checkpoints are posted, as soon as they are signed (EVI-2): the address of
    the settings, and what became of it. Former addresses stay, and get nothing."""

    _name = "consent.webhook"
    _description = "Checkpoints by webhook"
    _inherit = ["consent.frozen.mixin", "privacy.job.mixin"]
    _log_access = False
    _rec_name = "url"
    _job_cron = "privacy_guard.ir_cron_webhook"
    # one row, which is due again and again
    _job_begun = "worked_at"

    url = fields.Char("Address", required=True, readonly=True)
    is_due = fields.Boolean("To be posted", readonly=True)
    checkpoint_id = fields.Many2one(
        "consent.log.checkpoint", "Last posted", readonly=True, ondelete="restrict"
    )

    _url_uniq = models.UniqueIndex("(url)", "An address is listed once.")

    @api.model
    def _url(self):
        # superuser: which address it is, whoever seals
        return self.env["ir.config_parameter"].sudo().get_param(WEBHOOK) or ""

    @api.model
    def _send_newest(self):
        """Have the newest checkpoint posted, once, in the background."""
        url = self._url()
        # superuser: the job is the company's, whoever seals
        known = self.sudo().search(Domain.TRUE)
        known.filtered(lambda row: row.url != url)._note({"failure": False})
        row = known.filtered(lambda row: row.url == url)
        if url:
            row = row or self._make([{"url": url}]).sudo()
            row._note({"is_due": True})
            self._cron()._trigger()

    @api.model
    def _unfinished_domain(self):
        return Domain("is_due", "=", True) & Domain("url", "=", self._url())

    def _do_batch(self):
        if reason := self.env["consent.log"]._blocker():
            raise UserError(reason)
        newest = self.env["consent.log.checkpoint"]._last()
        if newest != self.checkpoint_id:
            self._post(newest._cosigned_note())
        self._note({"is_due": False, "checkpoint_id": newest.id})
        return 1

    def _post(self, text):
        try:
            status, _answer = outside.ask(self.url, MOST_BYTES_OF_ANSWER, text.encode())
        except outside.Unreachable as error:
            raise UserError(self.env._("It could not be reached: %s", error)) from error
        if status // 100 != 2:
            raise UserError(
                self.env._("It was not taken: the answer has status %s.", status)
            )
