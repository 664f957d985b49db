from dataclasses import dataclass

from odoo import api, models
from odoo.tools import SQL, clean_context
from odoo.tools.mail import generate_tracking_message_id

from .mail_mail import PERSONAL_LINK

LAYOUT = "privacy_guard.mail_layout"
# Neither out-of-office answers nor other robots shall reply.
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


@dataclass(frozen=True)
class Letter:
    """What is the same for all people of one company, language and set of texts."""

    company: models.BaseModel
    subject: str
    body: str
    sender: str
    reply_to: str


class ConsentRequestMail(models.AbstractModel):
    """One mail per person, rendered once per letter and inserted all at once."""

    _name = "consent.request.mail"
    _description = "Mail that asks for consent"

    @api.model
    def _queue(self, template, model_name, rows):
        """Put one mail per row into the queue, in one statement.

        :param template: ``mail.template`` on companies
        :param list rows: dicts of res_id, lang (None: the company's), company_id and
            purpose_ids; ``lang`` is filled in
        :return: {lang: {purpose id: consent.notice}} as the mails show them
        """
        # sudo: templates, companies and notices are what the mail is made of
        self = self.sudo()
        template = template.sudo()
        self._fill_in_languages(rows)
        notices = self._notices(rows)
        letters = {}
        people = []
        for row in rows:
            key = (row["company_id"], row["lang"], tuple(row["purpose_ids"]))
            if key not in letters:
                letters[key] = len(letters), self._letter(template, notices, *key)
            message_id = generate_tracking_message_id(f"{row['res_id']}-{model_name}")
            people.append((row["res_id"], letters[key][0], message_id))
        distinct = [letter for _index, letter in letters.values()]
        self._insert(template, model_name, distinct, people)
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
    def _letter(self, template, notices, company_id, lang, purpose_ids):
        """:return: the ``Letter`` for these people, rendered"""
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
        return Letter(
            company=company,
            subject=render("subject"),
            body=self._wrap(company, render("body_html"), layout),
            sender=sender,
            reply_to=(template.reply_to and render("reply_to")) or sender,
        )

    @api.model
    def _wrap(self, company, body, layout=LAYOUT):
        """Put the layout around it, and the button in if the text has lost it.

        :param company: in the language of the mail
        """
        lang = company.env.lang
        renderer = self.env["mail.render.mixin"].with_context(lang=lang)
        return renderer._render_encapsulate(
            layout,
            body,
            add_context={
                "company": company,
                "lang": lang,
                "needs_button": PERSONAL_LINK not in body,
                "personal_link": PERSONAL_LINK,
            },
            context_record=company,
        )

    @api.model
    def _insert(self, template, model_name, letters, people):
        """Messages, mails and recipients, in one statement.

        :param list letters: the different ``Letter`` there are
        :param list people: (subject id, index of the letter, Message-Id)
        """
        res_ids, indexes, message_ids = map(list, zip(*people, strict=True))
        message, mail = self._static_values(template, model_name)
        self.env.execute_query(
            SQL(
                """
                WITH letter AS (%(letters)s),
                     person AS (
                         SELECT * FROM unnest(%(res_ids)s::int[], %(indexes)s::int[],
                                              %(message_ids)s::text[])
                                AS person (res_id, index, message_id)),
                     message AS (
                         INSERT INTO mail_message
                                (res_id, message_id, subject, email_from, reply_to,
                                 author_id, record_company_id, record_alias_domain_id,
                                 %(message_names)s)
                         SELECT person.res_id, person.message_id, letter.subject,
                                letter.sender, letter.reply_to, letter.author_id,
                                letter.company_id, letter.alias_domain_id,
                                %(message_values)s
                           FROM person JOIN letter USING (index)
                      RETURNING id, message_id),
                     mail AS (
                         INSERT INTO mail_mail
                                (mail_message_id, body_html, %(mail_names)s)
                         SELECT message.id, letter.body, %(mail_values)s
                           FROM message
                           JOIN person USING (message_id)
                           JOIN letter USING (index)
                      RETURNING id, mail_message_id),
                     attachment AS (
                         INSERT INTO message_attachment_rel (message_id, attachment_id)
                         SELECT message.id, file.id
                           FROM message, unnest(%(attachments)s::int[]) AS file (id))
                INSERT INTO mail_mail_res_partner_rel (mail_mail_id, res_partner_id)
                     SELECT mail.id, person.res_id
                       FROM mail
                       JOIN message ON message.id = mail.mail_message_id
                       JOIN person USING (message_id)
                  RETURNING mail_mail_id
                """,
                letters=self._letters_sql(letters),
                res_ids=res_ids,
                indexes=indexes,
                message_ids=message_ids,
                message_names=SQL(", ").join(map(SQL.identifier, message)),
                message_values=SQL(", ").join(message.values()),
                mail_names=SQL(", ").join(map(SQL.identifier, mail)),
                mail_values=SQL(", ").join(mail.values()),
                attachments=template.attachment_ids.ids,
            )
        )
        self.env["mail.mail"].invalidate_model(flush=False)
        self.env["mail.message"].invalidate_model(flush=False)

    @api.model
    def _letters_sql(self, letters):
        values = [
            SQL(
                "(%s, %s, %s, %s, %s, %s::int, %s::int, %s::int)",
                index,
                letter.subject,
                str(letter.body),
                letter.sender,
                letter.reply_to,
                letter.company.partner_id.id,
                letter.company.id,
                letter.company.alias_domain_id.id or None,
            )
            for index, letter in enumerate(letters)
        ]
        return SQL(
            """SELECT * FROM (VALUES %s)
                      AS letter (index, subject, body, sender, reply_to,
                                 author_id, company_id, alias_domain_id)""",
            SQL(", ").join(values),
        )

    @api.model
    def _static_values(self, template, model_name):
        """What all mails share: the values that ``create`` would have set.

        :return: {column: SQL} of messages, and of mails
        """
        message = {
            "model": model_name,
            # not shown in the chatter while it waits; sending removes it
            "message_type": "user_notification",
            "body": "",
            "subtype_id": False,
            "author_id": False,
            "email_from": False,
            "mail_server_id": template.mail_server_id.id,
            "email_add_signature": False,
        }
        mail = {
            "state": "outgoing",
            "is_notification": False,
            "auto_delete": template.auto_delete,
            "headers": repr(HEADERS),
            "scheduled_date": False,
            "consent_subject": True,
        }
        return (
            self._columns("mail.message", message, skip={"author_id", "email_from"}),
            self._columns("mail.mail", mail),
        )

    @api.model
    def _columns(self, model_name, values, skip=()):
        # default_* keys of a caller's context are not meant for these
        context = clean_context(self.env.context)
        model = self.env[model_name]
        model = model.with_context(context)  # pylint: disable=context-overridden
        known = {k: v for k, v in values.items() if k in model._fields}
        columns = {}
        for name, value in model._add_missing_default_values(known).items():
            field = model._fields[name]
            if field.store and field.column_type and not field.inherited:
                columns[name] = SQL("%s", field.convert_to_column_insert(value, model))
        now = SQL("(now() AT TIME ZONE 'UTC')")
        user = SQL("%s", self.env.uid)
        columns |= {"create_uid": user, "write_uid": user}
        columns |= {"create_date": now, "write_date": now}
        return {name: sql for name, sql in columns.items() if name not in skip}
