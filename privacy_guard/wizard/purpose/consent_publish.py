from odoo import api, fields, models

from ...notifications import CLOSE


class ConsentPublish(models.TransientModel):
    """Publish the text of consents and say what becomes of earlier answers."""

    _name = "consent.publish"
    _description = "Publish consent"

    purpose_id = fields.Many2one(
        "consent.purpose", "Consent", required=True, ondelete="cascade"
    )
    text = fields.Text(related="purpose_id.text", related_sudo=False)
    version = fields.Integer(compute="_compute_version")
    languages_to_publish = fields.Char(
        related="purpose_id.languages_to_publish", related_sudo=False
    )
    untranslated = fields.Char("Not translated", compute="_compute_untranslated")
    answered_count = fields.Integer(compute="_compute_answered_count")
    is_on = fields.Boolean(related="purpose_id.active", related_sudo=False)
    switch_on = fields.Boolean(default=True)
    answers = fields.Selection(
        [
            ("keep", "Keep the answers and tell people that the text was revised"),
            ("ask", "Ask again: answers given so far no longer count"),
        ],
        "Earlier answers",
        required=True,
        default="keep",
    )
    peace_count = fields.Integer(compute="_compute_answered_count")
    in_substance = fields.Boolean("The text changes in substance: ask them as well")

    @api.depends("purpose_id")
    def _compute_version(self):
        for wizard in self:
            purpose = wizard.purpose_id
            joins = bool(purpose.languages_to_publish)
            wizard.version = purpose.version + (0 if joins else 1)

    @api.depends("purpose_id")
    def _compute_untranslated(self):
        for wizard in self:
            languages = wizard.purpose_id._untranslated_languages()
            wizard.untranslated = ", ".join(languages)

    @api.depends("purpose_id")
    def _compute_answered_count(self):
        self.purpose_id.check_access("read")
        for wizard in self:
            wizard.answered_count = wizard.purpose_id._answered_count()
            wizard.peace_count = wizard.purpose_id._peace_count()

    def action_publish(self):
        """Freeze the text and, if wanted, switch the consent on, which may show another
        dialogue."""
        self.ensure_one()
        purpose = self.purpose_id
        purpose.check_access("write")
        is_known = self.answered_count or self.peace_count
        ask_again = bool(is_known) and self.answers == "ask"
        purpose._publish(ask_again=ask_again, in_substance=self.in_substance)
        dialogue = self.switch_on and not purpose.active and purpose.action_unarchive()
        return dialogue or self.env["privacy.dashboard"]._lead_on(CLOSE)
