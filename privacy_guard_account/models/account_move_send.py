from odoo import api, models

from odoo.addons.privacy_guard.extending import AUTOMATIC


class AccountMoveSend(models.AbstractModel):
    """Invoices of people who have stopped processing: by hand, after a warning."""

    _inherit = "account.move.send"

    @api.model
    def _get_alerts(self, moves, moves_data):
        alerts = super()._get_alerts(moves, moves_data)
        if message := self._privacy_alert(moves, moves_data):
            alerts["privacy_stopped"] = {"level": "warning", "message": message}
        return alerts

    @api.model
    def _privacy_alert(self, moves, moves_data):
        """:return: what the sender is told of those who have stopped processing"""
        recipients = self.env["res.partner"]
        for move in moves:
            data = moves_data[move]
            if "email" in data["sending_methods"]:
                # core gives records for one invoice, and ids for many
                partners = data.get("mail_partner_ids") or []
                recipients |= recipients.browse(getattr(partners, "ids", partners))
        refused = self.env["privacy.gate"]._mail_refusals(
            {"automatic": set(recipients.ids)}
        )
        stopped = recipients.browse(id_ for _class, id_ in refused)
        if not stopped:
            return ""
        names = stopped.mapped("display_name")
        if len(moves) > 1:
            return self.env._(
                "%(contacts)s asked us to stop processing their data and get nothing "
                "automatically. Send their invoices one by one.",
                contacts=names,
            )
        return self.env._(
            "%(contacts)s asked us to stop processing their data. An invoice may still "
            "be sent by hand: it is noted with the contact.",
            contacts=names,
        )

    @api.model
    def _generate_and_send_invoices(
        self, moves, from_cron=False, allow_raising=True, **settings
    ):
        """Nobody looks at the recipients of many invoices, or of those that a scheduled
        action sends: that is automatic mail."""
        if from_cron or len(moves) > 1:
            moves = moves.with_context(**{AUTOMATIC: True})
        return super()._generate_and_send_invoices(
            moves, from_cron=from_cron, allow_raising=allow_raising, **settings
        )
