from odoo import api, models
from odoo.tools import SQL, clean_context

from ...constants import AUTOMATIC_HEADERS


class ConsentRequestMail(models.AbstractModel):
    """Putting rendered mails into the queue, all at once."""

    _inherit = "consent.request.mail"

    @api.model
    def _insert(self, batch):
        """Messages, mails and recipients, in one statement.

        :param Batch batch: who gets which mail
        """
        message, mail = self._static_values(batch)
        self.env.execute_query(
            SQL(
                """WITH rendered AS (%s), person AS (%s), message AS (%s), mail AS (%s),
                        attachment AS (%s)
                   %s""",
                self._rendered_sql(batch.rendered),
                self._people_sql(batch.people),
                self._insert_messages_sql(message),
                self._insert_mails_sql(batch.model_name, mail),
                self._insert_attachments_sql(batch.template.attachment_ids.ids),
                self._insert_recipients_sql(batch.model_name),
            )
        )
        # what others of this transaction have written to mails is not ours to lose
        self.env["mail.mail"].invalidate_model()
        self.env["mail.message"].invalidate_model()

    @api.model
    def _rendered_sql(self, rendered):
        values = [
            SQL(
                "(%s, %s, %s, %s, %s, %s::int, %s::int, %s::int)",
                index,
                mail.subject,
                str(mail.body),
                mail.sender,
                mail.reply_to,
                mail.company.partner_id.id,
                mail.company.id,
                mail.company.alias_domain_id.id or None,
            )
            for index, mail in enumerate(rendered)
        ]
        return SQL(
            """SELECT * FROM (VALUES %s)
                      AS rendered (index, subject, body, sender, reply_to,
                                   author_id, company_id, alias_domain_id)""",
            SQL(", ").join(values),
        )

    @api.model
    def _people_sql(self, people):
        res_ids, indexes, message_ids = map(list, zip(*people, strict=True))
        return SQL(
            """SELECT * FROM unnest(%s::int[], %s::int[], %s::text[])
                      AS person (res_id, index, message_id)""",
            res_ids,
            indexes,
            message_ids,
        )

    @api.model
    def _insert_messages_sql(self, columns):
        """:param dict columns: {column: SQL} of what all messages share"""
        return SQL(
            """
            INSERT INTO mail_message
                   (res_id, message_id, subject, email_from, reply_to, author_id,
                    record_company_id, record_alias_domain_id, %s)
            SELECT person.res_id, person.message_id, rendered.subject, rendered.sender,
                   rendered.reply_to, rendered.author_id, rendered.company_id,
                   rendered.alias_domain_id, %s
              FROM person JOIN rendered USING (index)
         RETURNING id, message_id
            """,
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(columns.values()),
        )

    @api.model
    def _insert_mails_sql(self, model_name, columns):
        """:param dict columns: {column: SQL} of what all mails share"""
        return SQL(
            """
            INSERT INTO mail_mail (mail_message_id, body_html, email_to, %s)
            SELECT message.id, rendered.body, %s, %s
              -- new rows come in no order: the Message-Id tells whose each is
              FROM message
              JOIN person USING (message_id)
              JOIN rendered USING (index)
         RETURNING id, mail_message_id
            """,
            SQL(", ").join(map(SQL.identifier, columns)),
            self._email_to_sql(model_name),
            SQL(", ").join(columns.values()),
        )

    @api.model
    def _insert_attachments_sql(self, attachment_ids):
        return SQL(
            """
            INSERT INTO message_attachment_rel (message_id, attachment_id)
            SELECT message.id, file.id FROM message, unnest(%s::int[]) AS file (id)
            """,
            attachment_ids,
        )

    @api.model
    def _insert_recipients_sql(self, model_name):
        return SQL(
            """
            INSERT INTO mail_mail_res_partner_rel (mail_mail_id, res_partner_id)
            SELECT mail.id, person.res_id
              FROM mail
              JOIN message ON message.id = mail.mail_message_id
              JOIN person USING (message_id)
             -- who is no contact gets the mail by the address in it
             WHERE %s
         RETURNING mail_mail_id
            """,
            model_name == "res.partner",
        )

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
    def _static_values(self, batch):
        """What all mails share: the values that ``create`` would have set.

        :return: {column: SQL} of messages, and of mails
        """
        message = {
            "model": batch.model_name,
            # not shown in the chatter while it waits; sending removes it
            "message_type": "user_notification",
            "body": "",
            "subtype_id": False,
            "author_id": False,
            "email_from": False,
            "mail_server_id": batch.template.mail_server_id.id,
            "email_add_signature": False,
        }
        mail = {
            "state": "outgoing",
            "is_notification": False,
            "auto_delete": batch.template.auto_delete,
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
        columns |= self._log_access_columns()
        return {name: sql for name, sql in columns.items() if name not in skip}

    @api.model
    def _log_access_columns(self):
        now = SQL("(now() AT TIME ZONE 'UTC')")
        user = SQL("%s", self.env.uid)
        return {
            "create_uid": user,
            "write_uid": user,
            "create_date": now,
            "write_date": now,
        }
