from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.consent.consent_preference import CHANNELS
from ...models.consent.consent_record import ANSWERS, VALUES

# of a channel
WANTED = [("yes", "Yes"), ("no", "No")]


class ConsentAnswerLine(models.TransientModel):
    """The answer to one consent, if it was talked about; and how much the person wants
    of it, and by what."""

    _name = "consent.answer.line"
    _description = "Recorded answer"

    wizard_id = fields.Many2one(
        "consent.answer", required=True, ondelete="cascade", index=True
    )
    purpose_id = fields.Many2one(
        "consent.purpose", "Consent", required=True, ondelete="cascade"
    )
    value = fields.Selection(VALUES, "Now")
    answer = fields.Selection(
        [("none", "Not talked about"), *ANSWERS], required=True, default="none"
    )
    # named and valued as on the preferences page
    pause = fields.Selection(
        [
            ("1", "For a month"),
            ("3", "For 3 months"),
            ("6", "For 6 months"),
            ("none", "No pause"),
        ]
    )
    most = fields.Selection(
        [
            ("once_month", "Once a month"),
            ("once_week", "Once a week"),
            ("twice_week", "Twice a week"),
            ("none", "No limit"),
        ],
        "At most",
    )
    bymail = fields.Selection(WANTED, "By e-mail")
    bysms = fields.Selection(WANTED, "By text message")
    byphone = fields.Selection(WANTED, "By phone")
    bypost = fields.Selection(WANTED, "By post")
    # which of these people can choose
    offered = fields.Json(compute="_compute_offered")

    @api.depends("purpose_id")
    def _compute_offered(self):
        for line in self:
            line.offered = line._offered()

    def _offered(self):
        """:return: list of the names of what people can choose of the consent"""
        purpose = self.purpose_id
        if not purpose:
            return []
        how_much = ["pause", "most"] if purpose._privacy_about_messages() else []
        return [*how_much, *(f"by{c}" for c in purpose._privacy_own_channels())]

    def _wish(self):
        """:return: what changes, as of ``Preference.changed``
        :raise UserError: people cannot choose this of the consent"""
        names = ("pause", "most", *(f"by{channel}" for channel in CHANNELS))
        chosen = {name: self[name] for name in names if self[name]}
        if chosen.keys() - set(self._offered()):
            raise UserError(
                self.env._(
                    "%s: people cannot choose by what, or how much of it, they get.",
                    self.purpose_id.display_name,
                )
            )
        page, wish = self.env["privacy.preferences.page"], {}
        for name, value in chosen.items():
            wish |= page._wish(name, value)
        return wish
