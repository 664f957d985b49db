from odoo import fields, models


class MailingTrace(models.Model):
    """Whoever got the mail has marked it as unwanted: nothing that was tracked."""

    _inherit = "mailing.trace"

    privacy_complained_at = fields.Datetime(
        "Complained on", readonly=True, groups=fields.NO_ACCESS
    )

    _privacy_complained_idx = models.Index(
        "(mass_mailing_id) WHERE privacy_complained_at IS NOT NULL"
    )

    def _privacy_note_complaint(self):
        """Each counts once, however often it is reported."""
        new = self.filtered(lambda trace: not trace.privacy_complained_at)
        new.write({"privacy_complained_at": fields.Datetime.now()})
