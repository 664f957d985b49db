from odoo import models

from ...access import check_officer


class ConsentSubjectMixin(models.AbstractModel):
    """An access copy, made by an officer for a letter or a call."""

    _inherit = "consent.subject.mixin"

    def action_privacy_export(self):
        """Have an access copy made in the background.

        :return: action that shows the access copies of this person
        :raise AccessError: for anybody but a privacy officer who may read the person
        :raise UserError: the person is erased
        """
        self.ensure_one()
        check_officer(self.env, self.env._("Only privacy officers may do this."))
        self.check_access("read")
        self.env["privacy.export"]._ask(self, "officer")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "privacy_guard.privacy_export_action"
        )
        return {
            **action,
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)],
        }
