from odoo import models

from ...access import check_officer


class ConsentSubjectMixin(models.AbstractModel):
    """Access copies of a person."""

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

    def _privacy_revoke_links(self, replaced=None):
        """The link to a copy is void with the others: the file goes, which nobody can
        reach any more, and another one may be asked for."""
        result = super()._privacy_revoke_links(replaced=replaced)
        # superuser: whoever changes the address
        exports = self.env["privacy.export"].sudo()
        exports.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "=", "ready"),
                ("source", "!=", "officer"),
            ]
        )._drop_file("expired")
        return result
