from odoo import api, fields, models


class ConsentPersonMixin(models.AbstractModel):
    """A dialogue about one person: a contact, or a subject of another kind."""

    _name = "consent.person.mixin"
    _description = "Dialogue about a person"

    partner_id = fields.Many2one("res.partner", "Contact", ondelete="cascade")
    res_model = fields.Char("Model")
    res_id = fields.Many2oneReference("Record ID", model_field="res_model")
    subject_name = fields.Char("Person", compute="_compute_subject_name")

    @api.constrains("partner_id", "res_model", "res_id")
    def _check_subject(self):
        """:raise AccessError: when it is about somebody whom the user may not read"""
        for wizard in self:
            wizard._subject()

    @api.depends("partner_id", "res_model", "res_id")
    def _compute_subject_name(self):
        for wizard in self:
            wizard.subject_name = wizard._subject().display_name

    def _subject(self):
        """:return: the person
        :raise AccessError: for a user who may not read them. What somebody is shown
            may be there already, read as superuser, which does not ask."""
        known = self.env["consent.record"]._subject_models()
        if self.partner_id or self.res_model not in known:
            subject = self.partner_id
        else:
            subject = self.env[self.res_model].browse(self.res_id or ()).exists()
        # of a form that is not saved yet, too; stored fields are computed as superuser
        subject._origin.sudo(False).check_access("read")
        return subject
