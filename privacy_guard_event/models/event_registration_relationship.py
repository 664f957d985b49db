from odoo import api, models

# what says whose registration it is, and whether it stands
TELLING = ("state", "partner_id", "email")


class EventRegistration(models.Model):
    """A registration is an inquiry; one that is cancelled is none (TIM-3)."""

    _inherit = "event.registration"

    @api.model_create_multi
    def create(self, vals_list):
        registrations = super().create(vals_list)
        # superuser: what an inquiry allows depends on nobody's rights
        registrations.sudo().partner_id._privacy_renew_relationships()
        return registrations

    def write(self, vals):
        if vals.keys().isdisjoint(TELLING):
            return super().write(vals)
        # superuser: as above
        people, before = self.sudo().partner_id, self._privacy_inquiries()
        result = super().write(vals)
        people, after = people | self.sudo().partner_id, self._privacy_inquiries()
        people._privacy_renew_relationships(
            [f"{self._name},{id_}" for id_ in before if before[id_] != after.get(id_)]
        )
        return result

    def unlink(self):
        # superuser: as above
        people, standing = self.sudo().partner_id, self._privacy_inquiries()
        result = super().unlink()
        people._privacy_renew_relationships([f"{self._name},{id_}" for id_ in standing])
        return result

    def _privacy_inquiries(self):
        """:return: {id: what is told of it} of registrations that stand"""
        # superuser: as above
        standing = self.sudo().filtered(lambda one: one.state in ("open", "done"))
        return {one.id: [one[name] for name in TELLING] for one in standing}
