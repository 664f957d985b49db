from collections import defaultdict
from dataclasses import dataclass, field
from email.message import EmailMessage

from markupsafe import Markup, escape
from odoo import models
from odoo.tools import html2plaintext
from odoo.tools.mail import append_content_to_html

from ...tools import addresses
from ...tools.content_hash import content_hash
from ...tools.mail_language import with_language

# Context key; it counts only with an object of this class.
DECISIONS = "privacy_decisions"
# in the footer, until the link of the copy is known
_LINK = "/privacy/why-link"


@dataclass(frozen=True)
class Decision:
    """What is to be noted of a copy once it has left, and where it explains itself."""

    values: dict
    link: str
    lang: str


@dataclass(eq=False)
class Decisions:
    """Those of the marketing mails of a portion. Core commits after each, and forgets
    what it has read of the others: all that is needed is here."""

    by_copy: dict
    """{(Message-Id, address): Decision}"""
    footers: dict = field(default_factory=dict)
    """{language: (HTML, text)} of what asks why, with a place for the link."""
    built: tuple = (None, ())
    """The last message that was built, and the rows about it."""

    def build(
        self, message: EmailMessage, message_id: str, sent_to: list, body: str
    ) -> None:
        """A copy is as it will leave.

        :param sent_to: texts with addresses
        """
        copies = [(message_id, a) for text in sent_to for a in addresses.find(text)]
        own = [self.by_copy[copy] for copy in copies if copy in self.by_copy]
        content = own and content_hash(str(message["Subject"] or ""), body or "")
        rows = [{**decision.values, "content_hash": content} for decision in own]
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
        moment = self.env.cr.now().replace(microsecond=0)
        people = self._privacy_people(found.values())
        by_copy = {
            (mail.message_id, address): Decision(
                mail._privacy_decision(address, ground, moment),
                *mail._privacy_link_to(people, ground),
            )
            for mail, own in found.items()
            for address, ground in own.items()
        }
        return self.with_context(**{DECISIONS: Decisions(by_copy)})

    def _privacy_people(self, found):
        """:param found: dicts {address: Ground}
        :return: {model: the people with a consent in these}, as superuser"""
        ids = defaultdict(list)
        for own in found:
            for ground in own.values():
                if ground.event_id:
                    ids[ground.res_model].append(ground.res_id)
        # superuser: the link is for the recipient, whoever sends the mail
        return {name: self.env[name].sudo().browse(ids[name]) for name in ids}

    def _privacy_link_to(self, people, ground):
        """:param people: of :meth:`_privacy_people`, read all at once
        :return: link, language; an empty link where there is nothing to show"""
        if not ground.event_id:
            return "", ""
        person = people[ground.res_model].browse(ground.res_id)
        person = person.with_prefetch(people[ground.res_model].ids)
        lang = person._privacy_own_lang() or self.env.lang
        url = person._privacy_why_url(ground.event_id, self._privacy_writer())
        return with_language(url, lang), lang

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
        for values in email_list if decisions else ():
            sent_to = list(map(addresses.canonical, values["email_to_normalized"]))
            # one to several would be of one of them
            copy = (values["message_id"], *sent_to)
            decision = decisions.by_copy.get(copy)
            if decision and decision.link:
                self._privacy_append_why(values, decision, decisions.footers)

    def _privacy_append_why(self, values, decision, footers):
        link, lang = decision.link, decision.lang
        if lang not in footers:
            footers[lang] = self._privacy_why_footer(lang)
        footer, text = footers[lang]
        values["body"] = append_content_to_html(
            values["body"] or "",
            Markup(footer.replace(_LINK, str(escape(link)))),
            plaintext=False,
        )
        before = values["body_alternative"] or ""
        values["body_alternative"] = f"{before}\n\n{text.replace(_LINK, link)}"

    def _privacy_why_footer(self, lang):
        """:return: HTML and text of what asks why, with a place for the link"""
        footer = self.env["ir.qweb"]._render(
            "privacy_guard.marketing_mail_footer", {"url": _LINK}, lang=lang
        )
        return str(footer), html2plaintext(footer)
