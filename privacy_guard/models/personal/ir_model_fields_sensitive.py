from odoo import models


class IrModelFields(models.Model):
    """A sensitive field has a data consent (FLD-2)."""

    _inherit = "ir.model.fields"

    def _privacy_sync_consents(self):
        """Make the data consents of sensitive fields, switched off until completed, and
        put away those of others: a draft goes, what was published is archived, since
        evidence refers to it."""
        # superuser: whoever may flag has been checked; modules flag on installation
        purposes = self.env["consent.purpose"].sudo().with_context(active_test=False)
        existing = purposes.search([("field_id", "in", self.ids)])
        sensitive = self.sudo().filtered("privacy_sensitive")
        purposes._create_for_fields(sensitive - existing.field_id)
        left = existing.filtered(lambda purpose: purpose.field_id not in sensitive)
        drafts = left.filtered(lambda purpose: not purpose.version)
        (left - drafts).filtered("active").active = False
        drafts.unlink()
