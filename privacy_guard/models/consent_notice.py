from odoo import fields, models


class ConsentNotice(models.Model):
    """One published, frozen text version of a purpose in one language."""

    _name = "consent.notice"
    _description = "Published text of a consent"
    _order = "purpose_id, version desc, lang"

    purpose_id = fields.Many2one("consent.purpose", required=True, ondelete="cascade", index=True)
    version = fields.Integer(required=True)
    lang = fields.Char(required=True)
    name = fields.Char(required=True)
    text = fields.Text(required=True)
    default_selection = fields.Char(required=True)
    legal_basis = fields.Char(required=True)
    sha256 = fields.Char("SHA-256", required=True)
    published_at = fields.Datetime(required=True)
