from odoo import fields, models


class ConsentEvent(models.Model):
    """What an officer sees of the personal evidence behind an event."""

    _inherit = "consent.event"

    evidence_ids = fields.Many2many(
        "consent.evidence",
        string="Evidence given",
        compute="_compute_evidence_ids",
        groups="privacy_guard.group_privacy_officer",
    )

    def _compute_evidence_ids(self):
        digests = [event.evidence_hash for event in self if event.evidence_hash]
        found = self.env["consent.evidence"].search([("digest", "in", digests)])
        by_digest = found.grouped("digest")
        for event in self:
            event.evidence_ids = by_digest.get(event.evidence_hash, found.browse())
