import re
from collections import defaultdict
from functools import partial

from markupsafe import escape
from odoo import fields, models
from odoo.tools import html2plaintext, str2bool, urls
from odoo.tools.mail import append_content_to_html

from ...constants import (
    ADDRESS_LINK,
    CONFIRM_LINK,
    PERSONAL_LINK,
    UNSUBSCRIBE_LINK,
)
from ...tools.feedback_report import FEEDBACK_ID
from ...tools.mail_language import with_language

_PLACEHOLDER = re.compile(
    r"(?:https?://[^/\s\"'<>]+)?"
    r"(/privacy/(?:personal|confirm|unsubscribe|copy|address)-link)(?![\w-])"
)
# A usable link, should an error message of a mail server ever quote one.
_USABLE = re.compile(r"/privacy/(?:[a-z0-9-]+/)*[A-Za-z0-9_-]{40,}")
# Where people without a personal link find their preferences, after logging in.
PORTAL_PAGE = "/my/privacy"


class MailMail(models.Model):
    """Links of the person, in the copies that leave (``_prepare_outgoing_list``)."""

    _inherit = "mail.mail"

    consent_subject = fields.Boolean(
        "Carries the personal link",
        groups=fields.NO_ACCESS,
        help="The copy of the contact it is about, and no other, gets the link.",
    )

    # ------------------------------------------------------------------
    # Links that the text holds a place for
    # ------------------------------------------------------------------

    def _privacy_fill_in_links(self, email_list):
        """:param list email_list: copies of this mail, as core sends them"""
        subject = self._privacy_link_subject()
        elsewhere = defaultdict(lambda: self._privacy_portal_url)
        for values in email_list:
            if not subject or not self._privacy_reaches_only(values, subject):
                links = subject and self._privacy_former_links(values, subject)
                self._privacy_replace_placeholders(values, links or elsewhere)
                continue
            self._privacy_replace_placeholders(values, self._privacy_links(subject))
            # the headers are one dictionary for all copies
            values["headers"] = {
                **values["headers"],
                **self._privacy_one_click_headers(subject),
                **self._privacy_feedback_headers(subject),
            }

    def _privacy_link_subject(self):
        """:return: the person this mail may carry a personal link of, as superuser;
        None when it is none of those mails"""
        self.ensure_one()
        # superuser: no group may read the flag, the link nobody's but the person's
        mail = self.sudo()
        if not mail.consent_subject:
            return None
        if mail.model not in self.env["consent.record"]._subject_models():
            return None
        model = mail.env[mail.model].with_context(active_test=False)
        return self._privacy_existing(model.browse(mail.res_id))

    def _privacy_existing(self, subject):
        """The hook for who knows it of many."""
        return subject.exists()

    def _privacy_reaches_only(self, values, subject):
        """:return: whether a copy is for the person alone"""
        partner = values["partner_id"]
        if partner and subject._name == "res.partner" and partner != subject:
            return False
        return self._privacy_is_only_for(values, subject[subject._consent_email_field])

    def _privacy_former_links(self, values, subject):
        """:return: {placeholder: method that makes the link} for a copy that goes to
        the last proven address of the person, alone; else None"""
        former = subject.proven_email
        if not former or subject in subject._privacy_proven():
            return None
        if values["partner_id"] or not self._privacy_is_only_for(values, former):
            return None
        links = defaultdict(lambda: self._privacy_portal_url)
        company = self._privacy_writer()
        links[ADDRESS_LINK] = partial(subject._privacy_address_url, company)
        return links

    def _privacy_links(self, subject):
        """:return: {placeholder: method that makes the link of this person}"""
        company = self._privacy_writer()
        return {
            PERSONAL_LINK: partial(subject._privacy_preferences_url, company),
            CONFIRM_LINK: partial(subject._privacy_opt_in_url, company),
            UNSUBSCRIBE_LINK: partial(subject._privacy_one_click_url, company=company),
        }

    def _privacy_writer(self):
        """The hook for who knows better.

        :return: the company that writes this mail, whose domain its links lead to, as
            superuser
        """
        # superuser: who sends need not be able to read the message, nor the company
        return self.sudo()._privacy_mail_company()

    def _privacy_portal_url(self):
        return urls.urljoin(self._privacy_writer()._privacy_base_url(), PORTAL_PAGE)

    def _privacy_replace_placeholders(self, values, links):
        """:param dict values: of one copy
        :param dict links: {placeholder: method that makes the link}"""
        body = values["body"] or ""
        if "/privacy/" not in body:
            return
        made = {name: links[name]() for name in set(_PLACEHOLDER.findall(body))}
        filled = _PLACEHOLDER.sub(lambda match: str(escape(made[match[1]])), body)
        values["body"] = body.__class__(filled)
        # the text is made of the body, with the same places
        values["body_alternative"] = _PLACEHOLDER.sub(
            lambda match: made[match[1]], values["body_alternative"]
        )

    def _privacy_one_click_headers(self, subject):
        """RFC 8058: mail programs offer to unsubscribe where e-mail can be refused."""
        purposes = self._privacy_email_purposes(subject)
        if not purposes:
            return {}
        url = subject._privacy_one_click_url(purposes, self._privacy_writer())
        return {
            "List-Unsubscribe": f"<{url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }

    def _privacy_feedback_headers(self, subject):
        """RFC 9477: nothing is kept of such a mail once it has left. Whoever reports it
        as unwanted sends back what proves whom it went to, and can do nothing else."""
        token = self.env["privacy.preferences.link"]._token(subject, "feedback")
        return {FEEDBACK_ID: token} if token else {}

    def _privacy_email_purposes(self, subject):
        """:return: what applies to the person and is about e-mail; the hook for who
        knows it of many"""
        return subject._consent_applying().purpose_id.filtered("covers_email")

    # ------------------------------------------------------------------
    # The link below what a user writes by hand
    # ------------------------------------------------------------------

    def _privacy_append_footers(self, email_list):
        """:param list email_list: copies of this mail, as core sends them"""
        for values in email_list if self._privacy_carries_footer() else ():
            if person := self._privacy_footer_subject(values):
                self._privacy_append_footer(values, person)

    def _privacy_carries_footer(self):
        """:return: whether copies of this mail may end with a personal link"""
        # superuser: no group may read the class; a setting that says nothing secret
        parameters = self.env["ir.config_parameter"].sudo()
        return (
            self.sudo().privacy_class == "manual"
            and str2bool(parameters.get_param("privacy_guard.footer_link"), False)
            and self.env["privacy.gate"]._is_enabled()
        )

    def _privacy_footer_subject(self, values):
        """:return: the one person outside the company who reads this copy, as
        superuser; empty when nobody, or several, or it is not certain who"""
        # superuser: the link is for the recipient, whoever sends the mail
        partners = self.env["res.partner"].sudo()
        sent_to = values["email_to_normalized"]
        if len(sent_to) != 1:
            return partners
        person = values["partner_id"] or partners.search(
            [("email_normalized", "=", sent_to[0])], limit=2
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
        lang = person.lang or self.env.lang
        url = person._privacy_preferences_url(self._privacy_writer())
        footer = self.env["ir.qweb"]._render(
            "privacy_guard.direct_mail_footer",
            {"url": with_language(url, lang)},
            lang=lang,
        )
        values["body"] = append_content_to_html(
            values["body"] or "", footer, plaintext=False
        )
        values["body_alternative"] = html2plaintext(values["body"])

    # ------------------------------------------------------------------
    # Errors
    # ------------------------------------------------------------------

    def _privacy_without_links(self, text):
        """:return: the text with usable personal links taken out"""
        return _USABLE.sub(PERSONAL_LINK, text) if text else text
