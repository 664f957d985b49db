from odoo import api, models
from odoo.tools import SQL, clean_context

from ...constants import AUTOMATIC_HEADERS


class ConsentRequestMail(models.AbstractModel):
    """Putting rendered letters into the mail queue, all at once."""

    _inherit = "consent.request.mail"

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
                                (mail_message_id, body_html, email_to, %(mail_names)s)
                         SELECT message.id, letter.body, %(email_to)s, %(mail_values)s
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
                      WHERE %(is_contact)s
                  RETURNING mail_mail_id
                """,
                letters=self._letters_sql(letters),
                res_ids=res_ids,
                indexes=indexes,
                message_ids=message_ids,
                message_names=SQL(", ").join(map(SQL.identifier, message)),
                message_values=SQL(", ").join(message.values()),
                email_to=self._email_to_sql(model_name),
                is_contact=model_name == "res.partner",
                mail_names=SQL(", ").join(map(SQL.identifier, mail)),
                mail_values=SQL(", ").join(mail.values()),
                attachments=template.attachment_ids.ids,
            )
        )
        # what others of this transaction have written to mails is not ours to lose
        self.env["mail.mail"].invalidate_model()
        self.env["mail.message"].invalidate_model()

    @api.model
    def _email_to_sql(self, model_name):
        """:return: SQL of the address of "person", where no contact is the recipient"""
        if model_name == "res.partner":
            return SQL("NULL::varchar")
        model = self.env[model_name]
        return SQL(
            "(SELECT %s FROM %s WHERE id = person.res_id)",
            SQL.identifier(model._consent_email_field),
            SQL.identifier(model._table),
        )

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
            "headers": repr(AUTOMATIC_HEADERS),
            "scheduled_date": False,
            "consent_subject": True,
            "privacy_class": "automatic",
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
