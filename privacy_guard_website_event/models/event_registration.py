from odoo import api, models

from odoo.addons.privacy_guard.extending import addresses


class EventRegistration(models.Model):
    """A registration tells which visitor of the website made it. That ties the pages
    that somebody looked at to them, which takes consent to document engagement."""

    _inherit = "event.registration"

    @api.model_create_multi
    def create(self, vals_list):
        """Visits are left out before anything is made of the registration, a lead for
        instance."""
        attendees = [
            (_address(vals.get("email")), vals.get("partner_id") or False)
            for vals in vals_list
        ]
        allowed = self.env["privacy.gate"]._visits_allowed(set(attendees))
        return super().create(
            [
                {k: v for k, v in vals.items() if k != "visitor_id" or one in allowed}
                for vals, one in zip(vals_list, attendees, strict=True)
            ]
        )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("visitor_id"):
            self._privacy_untie_visits()
        return result

    def _privacy_untie_visits(self):
        """Let the visits be nobody's where the person has not consented."""
        tied = self.sudo().filtered("visitor_id")  # superuser: whoever may see them
        attendees = {r: (_address(r.email), r.partner_id.id) for r in tied}
        allowed = self.env["privacy.gate"]._visits_allowed(set(attendees.values()))
        tied.filtered(lambda r: attendees[r] not in allowed).visitor_id = False


def _address(email):
    return addresses.only(email) or False
