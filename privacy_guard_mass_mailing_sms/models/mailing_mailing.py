import re
from html import unescape

from odoo import api, models
from odoo.tools.mail import TEXT_URL_REGEX

# what is filled in for each person
EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)


class MailingMailing(models.Model):
    """Mailings of text messages obey as those of mail do."""

    _inherit = "mailing.mailing"

    @api.model
    def _privacy_ticks(self):
        return {**super()._privacy_ticks(), "sms": "covers_sms"}

    def _privacy_unsuitable_message(self):
        if self.mailing_type != "sms":
            return super()._privacy_unsuitable_message()
        return self.env._(
            "%(purpose)s is not about text messages: this mailing cannot rely on it.",
            purpose=self.privacy_purpose_id.name,
        )

    def _privacy_sms_purpose(self):
        """:return: the consent that its text messages rely on; none, so that nobody
        gets them, where it is not about text messages"""
        # superuser: who sends need not be able to read the consent
        return self.sudo().privacy_purpose_id.filtered("covers_sms")

    def _privacy_refused(self, addresses):
        gate = self.env["privacy.gate"]
        if not any(map(gate._is_number, addresses)):
            return super()._privacy_refused(addresses)
        if self:
            return gate._mailing_refusals(self._privacy_sms_purpose(), addresses)
        return gate._unwanted_without_purpose("covers_sms", addresses)

    def action_send_sms(self, res_ids=None):
        """Remote callers can send with this, past the queue."""
        self._privacy_check_blockers()
        return super().action_send_sms(res_ids=res_ids)

    def _privacy_refusal_label(self, code):
        if self.mailing_type != "sms":
            return super()._privacy_refusal_label(code)
        return self.env["privacy.gate"]._sms_refusal_label(code)

    def _privacy_addresses(self):
        if self.mailing_type != "sms":
            return super()._privacy_addresses()
        target = self.env[self.mailing_model_real]
        if "phone_sanitized" not in target._fields:
            return None
        domain = self._get_recipients_domain()
        recipients = target.search_fetch(domain, ["phone_sanitized"])
        numbers = self.env["privacy.gate"]._numbers_of(recipients)
        return {number: [number] for number in numbers}

    def _privacy_recipients_at(self, identifiers):
        if self.mailing_type != "sms":
            return super()._privacy_recipients_at(identifiers)
        gate, wanted = self.env["privacy.gate"], set(identifiers)
        recipients = self.env[self.mailing_model_real].search(
            self._get_recipients_domain()
        )
        return recipients.filtered(
            lambda row: not wanted.isdisjoint(gate._numbers_of(row))
        )

    @api.model
    def _privacy_subjects_at(self, address):
        gate = self.env["privacy.gate"]
        if gate._is_number(address):
            return gate._subjects_of_number(address)
        return super()._privacy_subjects_at(address)

    def _privacy_written_links(self):
        if self.mailing_type != "sms":
            return super()._privacy_written_links()
        found = self._privacy_links_in_text(self.body_plaintext)
        return [(url, "") for url in found]

    @api.model
    def _privacy_links_in_text(self, text):
        """:return: list of the links in a text that no expression is part of"""
        gap = "\0"
        text = EXPRESSION.sub(gap, text or "")
        return [
            unescape(match[0])
            for match in re.finditer(TEXT_URL_REGEX, text)
            if gap not in match[0] and text[match.end() : match.end() + 1] != gap
        ]

    def _get_ab_testing_winner_selection(self):
        selection = super()._get_ab_testing_winner_selection()
        return self._privacy_by_totals(selection)
