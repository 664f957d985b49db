from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage

from markupsafe import Markup, escape
from odoo import models
from odoo.tools import html2plaintext
from odoo.tools.mail import append_content_to_html

from ...tools import addresses
from ...tools.content_hash import content_hash

# Context key; it counts only with an object of this class.
DECISIONS = "privacy_decisions"
# in the footer, until the link of the copy is known
_LINK = "/privacy/why-link"


@dataclass(eq=False)
class Decisions:
    """Why the marketing mails of a portion may go, until they have left."""

    moment: datetime
    grounds: dict
    """{Message-Id: (mail, {address: Ground})}"""
    footers: dict = field(default_factory=dict)
    """{language: (HTML, text)} of what asks why, with a place for the link."""
    built: tuple = (None, ())
    """The last message that was built, and the rows about it."""

    def of(self, message_id: str) -> tuple:
        """:return: mail, {address: Ground}"""
        return self.grounds.get(message_id, (None, {}))

    def build(
        self, message: EmailMessage, message_id: str, sent_to: list, body: str
    ) -> None:
        """A copy is as it will leave.

        :param sent_to: texts with addresses
        """
        mail, grounds = self.of(message_id)
        own = [a for text in sent_to for a in addresses.find(text) if a in grounds]
        content = own and content_hash(str(message["Subject"] or ""), body or "")
        rows = [
            mail._privacy_decision(address, grounds[address], content, self.moment)
            for address in own
        ]
        self.built = message, rows

    def rows_of(self, message: EmailMessage) -> list:
        """:return: rows about a message, once"""
        built, rows = self.built
        if message is not built:
            return []
        self.built = (None, ())
        return rows


def decisions_of(records):
    """:return: the ``Decisions`` of the portion that is being sent, None without"""
    decisions = records.env.context.get(DECISIONS)
    return decisions if isinstance(decisions, Decisions) else None


class MailMail(models.Model):
    """Each copy of marketing mail that leaves is noted with what it rests on, and tells
    its reader how to see that (EVI-5)."""

    _inherit = "mail.mail"

    def _privacy_decide(self):
        """The gate has let these pass: remember why.

        :return: these mails, with their ``Decisions`` in the context
        """
        due = self.filtered(lambda mail: mail.state == "outgoing")
        found = due._privacy_grounds()
        if not found:
            return self
        grounds = {mail.message_id: (mail, own) for mail, own in found.items()}
        moment = self.env.cr.now().replace(microsecond=0)
        return self.with_context(**{DECISIONS: Decisions(moment, grounds)})

    def _privacy_sent_to(self):
        recipients = {mail: mail._privacy_recipients() for mail in self}
        everyone = set().union(*recipients.values())
        known = self.env["privacy.gate"]._addresses_of(everyone)
        return {
            mail: [(isinstance(p, int) and p or None, known[p]) for p in people]
            for mail, people in recipients.items()
        }

    def _privacy_document(self):
        subjects = self.env["consent.record"]._subject_models()
        if self.model in subjects and self.res_id:
            return self.model, self.res_id
        return super()._privacy_document()

    def _privacy_decision_company(self):
        return self._privacy_mail_company()

    # ------------------------------------------------------------------
    # Why do I get this?
    # ------------------------------------------------------------------

    def _privacy_explain(self, email_list):
        """:param list email_list: copies of this mail, as core sends them"""
        decisions = decisions_of(self)
        grounds = decisions.of(self.message_id)[1] if decisions else {}
        for values in email_list if grounds else ():
            sent_to = list(map(addresses.canonical, values["email_to_normalized"]))
            ground = grounds.get(sent_to[0]) if len(sent_to) == 1 else None
            if ground and ground.event_id:
                self._privacy_append_why(values, ground, decisions.footers)

    def _privacy_append_why(self, values, ground, footers):
        # superuser: the link is for the recipient, whoever sends the mail
        subject = self.env[ground.res_model].sudo().browse(ground.res_id)
        url = subject._privacy_why_url(ground.event_id)
        if not url:
            return
        lang = ("lang" in subject._fields and subject.lang) or self.env.lang
        if lang not in footers:
            footers[lang] = self._privacy_why_footer(lang)
        footer, text = footers[lang]
        values["body"] = append_content_to_html(
            values["body"] or "",
            Markup(footer.replace(_LINK, str(escape(url)))),
            plaintext=False,
        )
        before = values["body_alternative"] or ""
        values["body_alternative"] = f"{before}\n\n{text.replace(_LINK, url)}"

    def _privacy_why_footer(self, lang):
        """:return: HTML and text of what asks why, with a place for the link"""
        footer = self.env["ir.qweb"]._render(
            "privacy_guard.marketing_mail_footer", {"url": _LINK}, lang=lang
        )
        return str(footer), html2plaintext(footer)
