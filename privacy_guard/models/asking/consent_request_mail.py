from dataclasses import dataclass

from odoo import api, models
from odoo.tools.mail import generate_tracking_message_id

from ...constants import PERSONAL_LINK
from ...tools.mail_language import links_with_language

LAYOUT = "privacy_guard.mail_layout"


@dataclass(frozen=True)
class RenderedMail:
    """What is the same for all people of one company, language and set of texts."""

    company: models.BaseModel
    subject: str
    body: str
    sender: str
    reply_to: str


@dataclass(frozen=True)
class Batch:
    """Mails that are put into the queue at once."""

    template: models.BaseModel
    model_name: str  # of the people
    rendered: list[RenderedMail]  # the different ones there are
    people: list[tuple[int, int, str]]  # id, index of the rendered mail, Message-Id


class ConsentRequestMail(models.AbstractModel):
    """One mail per person, rendered once for all it is the same for, and inserted all
    at once."""

    _name = "consent.request.mail"
    _description = "Mail that asks for consent"

    @api.model
    def _queue(self, template, model_name, rows):
        """Put one mail per row into the queue, in one statement.

        :param template: ``mail.template`` on companies
        :param list rows: dicts of res_id, lang (None: the company's), company_id and
            purpose_ids; ``lang`` and ``message_id`` are filled in
        :return: {lang: {purpose id: consent.notice}} as the mails show them
        """
        # superuser: templates, companies and notices are what the mail is made of
        self = self.sudo()
        template = template.sudo()
        self._fill_in_languages(rows)
        notices = self._notices(rows)
        indexes, batch = {}, Batch(template, model_name, [], [])
        for row in rows:
            key = (row["company_id"], row["lang"], tuple(row["purpose_ids"]))
            if key not in indexes:
                indexes[key] = len(indexes)
                batch.rendered.append(self._render(template, notices, *key))
            message_id = generate_tracking_message_id(f"{row['res_id']}-{model_name}")
            batch.people.append((row["res_id"], indexes[key], message_id))
            row["message_id"] = message_id
        self._insert(batch)
        return notices

    @api.model
    def _fill_in_languages(self, rows):
        """Who has no language that is installed is written to in the company's."""
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        for row in rows:
            if not row["lang"]:
                company = self.env["res.company"].browse(row["company_id"])
                lang = company.partner_id.lang
                row["lang"] = lang if lang in installed else installed[0]

    @api.model
    def _notices(self, rows):
        purpose_ids = {id_ for row in rows for id_ in row["purpose_ids"]}
        purposes = self.env["consent.purpose"].browse(sorted(purpose_ids))
        return {
            lang: purposes.with_context(lang=lang)._current_notices()
            for lang in {row["lang"] for row in rows}
        }

    @api.model
    def _render(self, template, notices, company_id, lang, purpose_ids):
        """:return: the ``RenderedMail`` for people of this company and language who are
        asked for the same"""
        company = self.env["res.company"].browse(company_id).with_context(lang=lang)
        context = {
            "notices": [notices[lang][id_] for id_ in purpose_ids],
            "personal_link": PERSONAL_LINK,
        }

        def render(name):
            return template._render_field(
                name, company.ids, set_lang=lang, add_context=context
            )[company_id]

        sender = (template.email_from and render("email_from")) or (
            company._privacy_sender()
        )
        layout = template.email_layout_xmlid or LAYOUT
        return RenderedMail(
            company=company,
            subject=render("subject"),
            body=self._wrap(company, render("body_html"), layout),
            sender=sender,
            reply_to=(template.reply_to and render("reply_to")) or sender,
        )

    @api.model
    def _wrap(self, company, body, layout=LAYOUT, *, linked=True):
        """Put the layout around it, and the button in if the text has lost it.

        :param company: in the language of the mail
        :param bool linked: whether the mail is one that links to the page
        """
        lang = company.env.lang
        renderer = self.env["mail.render.mixin"].with_context(lang=lang)
        mail = renderer._render_encapsulate(
            layout,
            body,
            add_context={
                "company": company,
                "lang": lang,
                "needs_button": linked and PERSONAL_LINK not in body,
                "personal_link": PERSONAL_LINK,
            },
            context_record=company,
        )
        return links_with_language(mail, company.get_base_url(), lang)
