import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.request.privacy_request import BY_HAND, CHANNELS
from ...tools.schedule import noon_of


class PrivacyRequestMake(models.TransientModel):
    """Record what a person asked for in a letter, a call or a mail."""

    _name = "privacy.request.make"
    _description = "Record a privacy request"
    _inherit = "consent.person.mixin"

    kind = fields.Selection("_selection_kind", "Asks for", required=True)
    channel = fields.Selection(
        [channel for channel in CHANNELS if channel[0] in BY_HAND],
        "Received by",
        required=True,
        default="letter",
    )
    date = fields.Date("Received on", required=True, default=fields.Date.context_today)
    note = fields.Text(help="What the person said, and how you know that it was them.")
    document = fields.Binary(attachment=False)
    document_name = fields.Char()

    @api.model
    def _selection_kind(self):
        """:return: all kinds, those of other add-ons too"""
        kinds = self.env["privacy.request"]._fields["kind"]
        return kinds._description_selection(self.env)

    @api.constrains("date")
    def _check_date(self):
        for wizard in self:
            if wizard.date > fields.Date.context_today(wizard):
                raise UserError(
                    self.env._("A request cannot have been received in the future.")
                )

    def action_make(self):
        """Record the request and open it; the term runs from the day it came in."""
        self.ensure_one()
        requests = self.env["privacy.request"]
        requests._check_officer()
        subject = self._subject().ensure_one()
        subject.check_access("read")
        request = requests._make(
            subject,
            self.kind,
            self.channel,
            date=self._moment(subject),
        ).with_env(self.env)
        if self.note or self.document:
            request.message_post(body=self.note or "", attachments=self._attachments())
        return request._get_records_action(context={})

    def _moment(self, subject):
        """:return: when it came in: on that day where the company is, never later than
        now"""
        tz = subject._privacy_company()._privacy_tz()
        return min(noon_of(self.date, tz), fields.Datetime.now())

    def _attachments(self):
        """:return: list of (name, content), as messages take it"""
        if not self.document:
            return []
        name = self.document_name or self.env._("Document")
        return [(name, base64.b64decode(self.document))]
