from odoo import fields, models

VALUES = [
    ("not_applicable", "Not applicable"),
    ("applicable", "Applicable"),
    ("waiting", "Waiting"),
    ("granted", "Granted"),
    ("refused", "Not granted"),
]


class ConsentRecord(models.Model):
    """The current value of one purpose for one subject."""

    _name = "consent.record"
    _description = "Consent of a contact"
    _inherit = "consent.subject.row.mixin"
    _log_access = False

    purpose_id = fields.Many2one("consent.purpose", "Consent", required=True, readonly=True)
    value = fields.Selection(VALUES, required=True, readonly=True)
    answer = fields.Selection([("granted", "Granted"), ("refused", "Not granted")], "Last answer", readonly=True)
    since = fields.Datetime(required=True, readonly=True)
    requested_at = fields.Datetime("Asked on", readonly=True)
    answered_at = fields.Datetime("Answered on", readonly=True)
    notice_id = fields.Many2one("consent.notice", "Text", readonly=True)
    to_review = fields.Boolean(readonly=True)
    review_told_at = fields.Datetime(readonly=True)
    last_event_id = fields.Many2one("consent.event", readonly=True)

    def _apply_changes(self, changes, *, source, user_id=None, evidence_hash=None):
        """Set values and append one chained event for each, in one statement."""
        raise NotImplementedError
