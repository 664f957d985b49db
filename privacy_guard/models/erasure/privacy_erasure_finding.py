from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

KINDS = [("email", "E-mail address"), ("phone", "Phone number"), ("name", "Name")]


class PrivacyErasureFinding(models.Model):
    """Where something that identified the person was found after the erasure.

    It holds ids only. A name may be that of somebody else.
    """

    _name = "privacy.erasure.finding"
    _description = "What remains after an erasure"
    _inherit = ["consent.frozen.mixin", "privacy.visible.mixin"]
    _order = "kind, id"
    _log_access = False

    erasure_id = fields.Many2one(
        "privacy.erasure", required=True, readonly=True, index=True, ondelete="cascade"
    )
    subject_id = fields.Many2one(
        "privacy.erasure.subject", "Person", readonly=True, ondelete="cascade"
    )
    res_model = fields.Char("Model", required=True, readonly=True)
    model_label = fields.Char("Kind of record", compute="_compute_labels")
    res_id = fields.Many2oneReference(
        "Record ID", model_field="res_model", required=True, readonly=True
    )
    column = fields.Char("Technical names", readonly=True)
    field_label = fields.Char("Field", compute="_compute_labels")
    kind = fields.Selection(KINDS, "What", required=True, readonly=True)

    def _visible_domain(self, by_page=False):
        return Domain("erasure_id", "in", self.env["privacy.erasure"]._search([]))

    @api.depends("res_model", "column")
    def _compute_labels(self):
        data_map = self.env["privacy.data.map"]
        for finding in self:
            model_name, column = finding.res_model, finding.column
            finding.model_label = data_map._model_label(model_name)
            label = data_map._field_labels(model_name, column)
            finding.field_label = label or column

    def action_open_record(self):
        """:return: action that opens the record where it was found
        :raise UserError: it was found in what a former add-on left
        """
        self.ensure_one()
        if self.res_model not in self.env:
            raise UserError(self.env._("%s is a table of no model.", self.res_model))
        found = self.env[self.res_model].browse(self.res_id)
        return found._get_records_action(context={})
