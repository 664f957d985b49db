import re

from odoo import models

# what Odoo itself makes of a mailing: where one leaves, reads it online, is counted
PLACES = r"(?=/(?:unsubscribe_from_list|view|r/|mailing/|mail/track/))"
UNSUBSCRIBE = "List-Unsubscribe"


class MailMail(models.Model):
    """Odoo makes the links of a mailing on the address of the server, or of whatever
    website the recipient belongs to. They lead to the domain of the company that sends
    it, as those do that we make."""

    _inherit = "mail.mail"

    def _privacy_writer(self):
        # superuser: who sends need not be able to read mailings
        mailing = self.sudo().mailing_id
        return mailing._privacy_company() if mailing else super()._privacy_writer()

    def _prepare_outgoing_body(self):
        """Core exchanges only what is on the address of the mailing for the links of
        the recipient."""
        body = super()._prepare_outgoing_body()
        if body and self.mailing_id:
            body = self._privacy_led_to(self.mailing_id.get_base_url(), body)
        return body

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        email_list = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        if self.mailing_id:
            self._privacy_lead_home(email_list)
        return email_list

    def _privacy_lead_home(self, email_list):
        """:param list email_list: copies of this mail, as core sends them"""
        url = self._privacy_writer()._privacy_base_url()
        for values in email_list:
            for name in ("body", "body_alternative"):
                values[name] = self._privacy_led_to(url, values[name])
            if header := values["headers"].get(UNSUBSCRIBE):
                led = self._privacy_led_to(url, header)
                values["headers"] = {**values["headers"], UNSUBSCRIBE: led}

    def _privacy_led_to(self, url, text):
        """:param str url: base URL
        :return: the text, with links of a mailing to other addresses of this server
            leading there"""
        others = self.env["res.company"]._privacy_base_urls() - {url}
        if not text or not others:
            return text
        hosts = "|".join(map(re.escape, sorted(others)))
        led = re.sub(f"(?:{hosts}){PLACES}", lambda match: url, str(text))
        return type(text)(led)
