from odoo import models


class ConsentSubjectMixin(models.AbstractModel):
    _inherit = "consent.subject.mixin"

    def _record_answers(self, answers, **kwargs):
        """Withdrawing the consent to being tracked unties the visits that were kept."""
        result = super()._record_answers(answers, **kwargs)
        if self._name == "res.partner":
            refused = [id_ for id_, value in answers.items() if value == "refused"]
            purposes = self.env["consent.purpose"].sudo().browse(refused)
            if "document" in purposes.mapped("tracking_scope"):
                # superuser: the visits are the person's, whoever records the answer
                visitors = self.env["website.visitor"].sudo()
                visitors.search([("partner_id", "in", self.ids)])._privacy_forget()
        return result
