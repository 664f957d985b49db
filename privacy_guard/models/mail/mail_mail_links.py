import ast
import re
from collections import defaultdict

from markupsafe import escape
from odoo import fields, models
from odoo.tools import html2plaintext, urls

# Stand in stored bodies where the links of a person go in the outgoing copy.
PERSONAL_LINK = "/privacy/personal-link"
CONFIRM_LINK = "/privacy/confirm-link"
UNSUBSCRIBE_LINK = "/privacy/unsubscribe-link"
COPY_LINK = "/privacy/copy-link"
_PLACEHOLDER = re.compile(
    r"(?:https?://[^/\s\"'<>]+)?"
    r"(/privacy/(?:personal|confirm|unsubscribe|copy)-link)(?![\w-])"
)
# A usable link, should an error message of a mail server ever quote one.
_USABLE = re.compile(r"/privacy/(?:[a-z0-9-]+/)*[A-Za-z0-9_-]{40,}")
# Where people without a personal link find their preferences, after logging in.
PORTAL_PAGE = "/my/privacy"


class MailMail(models.Model):
    _inherit = "mail.mail"

    consent_subject = fields.Boolean(
        "Carries the personal link",
        groups=fields.NO_ACCESS,
        help="The copy of the contact it is about, and no other, gets the link.",
    )

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Fill in the personal link where it reaches the person alone (MAIL-1, 2).

        The link exists in the outgoing copy only; the stored mail, the message in
        the chatter and all other copies keep a link to the portal, which asks to log
        in.
        """
        email_list = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        subject = self._privacy_link_subject()
        for values in email_list:
            if subject and self._privacy_reaches_only(values, subject):
                self._privacy_fill_in_links(values, self._privacy_links(subject))
                # the headers are one dictionary for all copies
                values["headers"] = {
                    **values["headers"],
                    **self._privacy_one_click_headers(subject),
                }
            else:
                self._privacy_fill_in_links(
                    values, defaultdict(lambda: self._privacy_portal_url)
                )
        return email_list

    def _privacy_link_subject(self):
        """:return: the person this mail may carry a personal link of, as superuser;
        None when it is none of those mails or others can read along"""
        self.ensure_one()
        # superuser: the flag is nobody's to read, the link nobody's but the person's
        mail = self.sudo()
        if (
            not mail.consent_subject
            or mail.email_cc
            or mail._privacy_has_copy_headers()
        ):
            return None
        if mail.model not in self.env["consent.record"]._subject_models():
            return None
        model = mail.env[mail.model].with_context(active_test=False)
        return model.browse(mail.res_id).exists()

    def _privacy_has_copy_headers(self):
        try:
            headers = ast.literal_eval(self.headers or "{}")
            return any(name.lower() in ("cc", "bcc") for name in headers)
        except (ValueError, TypeError, SyntaxError, AttributeError):
            # unreadable: nobody knows who reads along
            return True

    def _privacy_reaches_only(self, values, subject):
        """:return: whether a copy goes to the one address of the person, alone"""
        address = subject[subject._consent_email_field]
        if values["email_cc"] or not address:
            return False
        partner = values["partner_id"]
        if partner and subject._name == "res.partner" and partner != subject:
            return False
        return values["email_to_normalized"] == [address]

    def _privacy_links(self, subject):
        """:return: {placeholder: method that makes the link of this person}"""
        return {
            PERSONAL_LINK: subject._privacy_preferences_url,
            CONFIRM_LINK: subject._privacy_opt_in_url,
            UNSUBSCRIBE_LINK: subject._privacy_one_click_url,
        }

    def _privacy_portal_url(self):
        return urls.urljoin(self.get_base_url(), PORTAL_PAGE)

    def _privacy_fill_in_links(self, values, links):
        body = values["body"] or ""
        if "/privacy/" not in body:
            return
        filled = _PLACEHOLDER.sub(lambda match: str(escape(links[match[1]]())), body)
        values["body"] = body.__class__(filled)
        values["body_alternative"] = html2plaintext(values["body"])

    def _privacy_one_click_headers(self, subject):
        """RFC 8058: mail programs offer to unsubscribe where e-mail can be refused."""
        purposes = subject._consent_applying().purpose_id.filtered("covers_email")
        if not purposes:
            return {}
        return {
            "List-Unsubscribe": f"<{subject._privacy_one_click_url(purposes)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }

    # An error of the mail server may quote what it was given.

    def write(self, vals):
        if vals.get("failure_reason"):
            vals = {
                **vals,
                "failure_reason": self._privacy_without_links(vals["failure_reason"]),
            }
        return super().write(vals)

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=self._privacy_without_links(failure_reason),
            failure_type=failure_type,
        )

    def _privacy_without_links(self, text):
        """:return: the text with usable personal links taken out"""
        return _USABLE.sub(PERSONAL_LINK, text) if text else text
