from odoo import fields, models


class ConsentEvidence(models.Model):
    """The personal part of an event's evidence, erasable by itself."""

    _name = "consent.evidence"
    _description = "Personal evidence of a consent event"
    _inherit = "consent.subject.row.mixin"
    _order = "id desc"

    digest = fields.Char(required=True, readonly=True, index=True)
    salt = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    ip = fields.Char("IP address", readonly=True)
    user_agent = fields.Char("Browser", readonly=True)
    note = fields.Text(readonly=True)
    document = fields.Binary(attachment=True, readonly=True)
    document_name = fields.Char(readonly=True)
