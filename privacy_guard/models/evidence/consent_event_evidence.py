from odoo import api, fields, models


class ConsentEvent(models.Model):
    """What is shown of an event: its name, and to officers the evidence behind it."""

    _inherit = "consent.event"

    evidence_ids = fields.Many2many(
        "consent.evidence",
        string="Evidence given",
        compute="_compute_evidence_ids",
        groups="privacy_guard.group_privacy_officer",
    )

    @api.depends("purpose_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            event.display_name = f"{event.purpose_id.name}: {kinds[event.kind]}"

    def _compute_evidence_ids(self):
        digests = [event.evidence_hash for event in self if event.evidence_hash]
        found = self.env["consent.evidence"].search([("digest", "in", digests)])
        by_digest = found.grouped("digest")
        for event in self:
            event.evidence_ids = by_digest.get(event.evidence_hash, found.browse())
