from odoo import models
from odoo.tools import html2plaintext, str2bool
from odoo.tools.mail import append_content_to_html


class MailMail(models.Model):
    """What a user writes to a contact ends with the link to their page (MAIL-2)."""

    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """The link is in the outgoing copy of the person it is for, and nowhere else:
        not in the chatter, not in a copy that others read."""
        email_list = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        if self._privacy_carries_footer():
            for values in email_list:
                if subject := self._privacy_footer_subject(values):
                    self._privacy_append_footer(values, subject)
        return email_list

    def _privacy_carries_footer(self):
        """:return: whether copies of this mail may end with a personal link"""
        # superuser: the class is nobody's to read; a setting that says nothing secret
        parameters = self.env["ir.config_parameter"].sudo()
        return (
            self.sudo().privacy_class == "manual"
            and str2bool(parameters.get_param("privacy_guard.footer_link"), False)
            and self.env["privacy.gate"]._is_enabled()
            and not self.email_cc
            and not self._privacy_has_copy_headers()
        )

    def _privacy_footer_subject(self, values):
        """:return: the one person outside the company who reads this copy, as
        superuser; empty when nobody, or several, or it is not certain who"""
        # superuser: the link is for the recipient, whoever sends the mail
        partners = self.env["res.partner"].sudo()
        addresses = values["email_to_normalized"]
        if len(addresses) != 1 or values["email_cc"]:
            return partners
        person = values["partner_id"] or partners.search(
            [("email_normalized", "=", addresses[0])], limit=2
        )
        person = person.sudo()
        if (
            len(person) != 1
            or not person.partner_share
            or person.privacy_status not in ("active", "stopped")
            or not self._privacy_reaches_only(values, person)
        ):
            return partners
        return person

    def _privacy_append_footer(self, values, person):
        footer = self.env["ir.qweb"]._render(
            "privacy_guard.direct_mail_footer",
            {"url": person._privacy_preferences_url()},
            lang=person.lang or self.env.lang,
        )
        values["body"] = append_content_to_html(
            values["body"] or "", footer, plaintext=False
        )
        values["body_alternative"] = html2plaintext(values["body"])
