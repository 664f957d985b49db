from odoo import api, fields, models


class PrivacyErasure(models.Model):
    """How far an officer reaches: what companies of others keep is theirs to decide."""

    _inherit = "privacy.erasure"

    is_of_all_companies = fields.Boolean(compute="_compute_is_of_all_companies")

    @api.depends("source", "user_id")
    def _compute_is_of_all_companies(self):
        for erasure in self:
            officer = erasure._officer()
            erasure.is_of_all_companies = (
                not officer or officer._privacy_is_in_all_companies()
            )

    def _officer(self):
        """:return: the user whose companies it reaches; none for a backup, erased
        again, which reaches whoever was erased"""
        return self.user_id.filtered(lambda user: self.source == "officer")

    def _ask_other_companies(self):
        """What the person asked for is asked of the companies that the officer does not
        reach as well: theirs decide. Who has asked there already has a request."""
        requests = self.env["privacy.request"]
        missed, asked = {}, requests.browse()
        for people in self.subject_ids._people():
            asked += requests._fulfilled_by_erasing(people)
            for records in people._privacy_out_of_reach(self.env.user):
                missed[records._name] = missed.get(records._name, records) | records
        if missed:
            channel = asked[:1].channel or "letter"
            requests._make_all(missed.values(), "erasure", channel)
