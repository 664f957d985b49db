from odoo import api, models
from odoo.fields import Domain

from ...constants import PENDING_REQUEST

# Values of consents that allow what the person has not answered, by its default.
SILENT = {"yes": {"applicable", "waiting"}, "no": set()}


class PrivacyGate(models.AbstractModel):
    """May we record what this person does with our mail and documents? (GDPR Art. 6)"""

    _inherit = "privacy.gate"

    @api.model
    def _trackable(self, subjects, scope):
        """Whose engagement may be recorded, in a fixed number of queries.

        :param subjects: of one model, any number
        :param str scope: tracking scope of ``consent.purpose``
        :return: those of whom it may be
        """
        if not self._is_enabled():
            return subjects
        # superuser: what people have answered binds whoever serves the page
        people = subjects.sudo().filtered(lambda s: s.privacy_status == "active")
        people -= self._asking_to_be_erased(people)
        purposes = self.env["consent.purpose"].sudo()
        purpose = purposes.search([("tracking_scope", "=", scope)])
        if purpose and purpose._can_target(people._name):
            people -= self._asked_to_track(people, purpose)
        return subjects & people.with_env(subjects.env)

    @api.model
    def _asked_to_track(self, people, purpose):
        """:return: those whom the purpose applies to and who have not allowed it, as
        nobody has who was not asked yet"""
        within = Domain("id", "in", people.ids)
        anyone = people.with_context(active_test=False)
        asked = anyone.search(purpose._applying_domain(people) & within)
        about = [
            ("purpose_id", "=", purpose.id),
            ("res_model", "=", people._name),
            ("res_id", "in", asked.ids),
        ]
        allowing = {"granted", *SILENT[purpose.default_selection]}
        consents = self.env["consent.record"].sudo().search(about)
        willing = {c.res_id for c in consents if c._value_now() in allowing}
        return asked.filtered(lambda person: person.id not in willing)

    @api.model
    def _asking_to_be_erased(self, people):
        rows = self.env["privacy.request.subject"]
        pending = rows._of(people, "erasure", PENDING_REQUEST)
        return people.browse(pending.mapped("res_id"))
