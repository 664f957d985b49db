from odoo import api, fields, models


class ConsentPersonMixin(models.AbstractModel):
    """A dialogue about one person: a contact, or a subject of another kind."""

    _name = "consent.person.mixin"
    _description = "Dialogue about a person"

    partner_id = fields.Many2one("res.partner", "Contact", ondelete="cascade")
    res_model = fields.Char("Model")
    res_id = fields.Many2oneReference("Record ID", model_field="res_model")
    subject_name = fields.Char("Person", compute="_compute_subject_name")

    @api.depends("res_model", "res_id")
    def _compute_subject_name(self):
        for wizard in self:
            wizard.subject_name = wizard._subject().display_name

    def _subject(self):
        """:return: the person, whom the caller has to check the access to"""
        known = self.env["consent.record"]._subject_models()
        if self.partner_id or self.res_model not in known:
            return self.partner_id
        return self.env[self.res_model].browse(self.res_id or ()).exists()
