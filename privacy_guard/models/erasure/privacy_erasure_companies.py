from odoo import Command, api, fields, models
from odoo.exceptions import AccessError

from ...access import check_decides_for_all


class PrivacyErasure(models.Model):
    """How far an officer reaches: what companies of others keep is theirs to decide."""

    _inherit = "privacy.erasure"

    is_of_all_companies = fields.Boolean(compute="_compute_is_of_all_companies")
    # of what is erased again: the companies that who erased it first has reached, by
    # their ids; none stand for all
    reach = fields.Json(readonly=True)

    @api.depends("source", "user_id", "reach")
    def _compute_is_of_all_companies(self):
        for erasure in self:
            officer = erasure._officer()
            erasure.is_of_all_companies = (
                not officer or officer._privacy_is_in_all_companies()
            )

    def _officer(self):
        """:return: the user whose companies it reaches. After a backup was restored it
        is nobody's any more: one without a name stands for the companies that were
        reached then; none where all were"""
        if self.source == "officer" or not self.reach:
            return self.user_id.filtered(lambda user: self.source == "officer")
        return self.env["res.users"].new({"company_ids": [Command.set(self.reach)]})

    def _reaches(self, company):
        companies = self._officer()._privacy_reached_companies()
        return companies is None or company.id in companies

    def _check_reached(self):
        """A person whom two companies share is read by the officers of both: who began,
        or is in all companies of who did, decides about a dry run.

        :raise AccessError: for anybody else
        """
        for erasure in self:
            officer = erasure._officer()
            if not officer:
                check_decides_for_all(self.env)
            # superuser: which companies others are in is not every user's to read
            elif officer.sudo().company_ids._origin - self.env.user.company_ids:
                raise AccessError(
                    self.env._(
                        "%(name)s was begun by an officer of companies that are not "
                        "yours.",
                        name=erasure.display_name,
                    )
                )

    def _ask_other_companies(self):
        """What the person asked for is asked of the companies that the officer does not
        reach as well: theirs decide. Who has asked there already has a request."""
        requests = self.env["privacy.request"]
        missed, asked = {}, requests.browse()
        for people in self.subject_ids._people():
            asked += requests._fulfilled_by_erasing(people)
            for records in people._privacy_out_of_reach(self.env.user):
                missed[records._name] = missed.get(records._name, records) | records
        channel = asked[:1].channel or "letter"
        if missed:
            requests._make_all(missed.values(), "erasure", channel)
        for company, rows in self.subject_ids._to_be_asked().items():
            requests._make_all(rows._people(), "erasure", channel, company=company)
