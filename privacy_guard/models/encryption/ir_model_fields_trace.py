import logging
import re
from collections import defaultdict
from datetime import timedelta
from itertools import zip_longest

from odoo import SUPERUSER_ID, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...fields.encrypted import blind_index_sql, ciphertext_sql
from ...tools import masking

_logger = logging.getLogger(__name__)

# What separates the cells of a table in a text file.
CELLS = re.compile(r"[,;|\t\r\n\"]+")
# Scripts and styles that Odoo generates from its own files: megabytes, and no data.
ASSETS = Domain(
    [
        ("public", "=", True),
        ("url", "=like", "/web/assets/%"),
        ("res_model", "=", "ir.ui.view"),
        ("res_id", "=", 0),
        ("create_uid", "=", SUPERUSER_ID),
    ]
)


class IrModelFields(models.Model):
    """What Odoo keeps of a field's values elsewhere, once the field is encrypted: in
    messages, tracking, indexes and files, such as exports."""

    _inherit = "ir.model.fields"

    def _privacy_repeated(self, rows):
        """:param list rows: (id of the record, value) as the table still has it
        :return: those whose value the system's messages about the record repeat"""
        repeated = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT own.id
                  FROM %(table)s AS own
                  JOIN mail_message AS message ON message.res_id = own.id
                 WHERE own.id = ANY(%(ids)s) AND message.model = %(model)s
                   AND message.message_type NOT IN ('comment', 'email')
                   AND strpos(message.body, own.%(column)s) > 0
                """,
                table=SQL.identifier(self._privacy_table()),
                column=SQL.identifier(self.name),
                ids=[id_ for id_, _value in rows],
                model=self.model,
            )
        )
        ids = {id_ for (id_,) in repeated}
        return [row for row in rows if row[0] in ids]

    def _privacy_redact_messages(self, rows):
        """Put masks in place of values in what the system wrote into the message
        history of their contacts.

        :param list rows: (id of the record, value)
        """
        if not rows:
            return
        ids, values = map(list, zip(*rows, strict=True))
        masks = [masking.mask(value, self.privacy_visible_chars) for value in values]
        self.env.execute_query(
            SQL(
                """
                UPDATE mail_message AS message
                   SET body = replace(message.body, own.value, own.mask)
                  FROM unnest(%(ids)s::int[], %(values)s::text[], %(masks)s::text[])
                       AS own (id, value, mask)
                 WHERE message.model = %(model)s AND message.res_id = own.id
                   AND message.message_type NOT IN ('comment', 'email')
                   AND strpos(message.body, own.value) > 0
             RETURNING message.id
                """,
                ids=ids,
                values=values,
                masks=masks,
                model=self.model,
            )
        )
        self.env["mail.message"].invalidate_model(["body"], flush=False)

    def _privacy_forget_tracking(self):
        """Former values that were tracked, and what was computed from them: in their
        own table, and where messages repeat them."""
        tracked = self._privacy_tracked_with()
        former = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT message.res_id, former.value
                  FROM mail_tracking_value tracking
                  JOIN mail_message message ON message.id = tracking.mail_message_id,
                       unnest(ARRAY[tracking.old_value_char, tracking.new_value_char,
                                    tracking.old_value_text, tracking.new_value_text])
                       AS former (value)
                 WHERE tracking.field_id = ANY(%s) AND message.model = %s
                   AND former.value <> ''
                """,
                tracked.ids,
                self.model,
            )
        )
        # an UPDATE changes a message once: the first values of all, then the second
        by_record = defaultdict(list)
        for res_id, value in former:
            by_record[res_id].append((res_id, value))
        for rows in zip_longest(*by_record.values()):
            self._privacy_redact_messages([row for row in rows if row])
        tracked._privacy_delete("mail_tracking_value")

    def _privacy_tracked_with(self):
        """:return: the field, and those that are computed from it without being
        stored: Odoo tracks the address of a contact, not its parts"""
        field = self.env[self.model]._fields[self.name]
        tracked = self
        for dependent in self.pool.get_dependent_fields(field):
            if not dependent.store:
                tracked |= self._get(dependent.model_name, dependent.name)
        return tracked

    def _privacy_forget_traces(self):
        """Remove what else Odoo keeps of the values."""
        self._privacy_drop_other_indexes()
        self._privacy_forget_tracking()
        self._privacy_delete("ir_default")
        # notifications that clients have fetched long since
        delivered = fields.Datetime.now() - timedelta(minutes=1)
        self.env.execute_query(
            SQL("DELETE FROM bus_bus WHERE create_date < %s RETURNING id", delivered)
        )
        if "base_import.import" in self.env:
            # superuser: they are temporary, whoever uploaded them
            imports = self.env["base_import.import"].sudo()
            imports.search([("res_model", "=", self.model)]).unlink()
        self._privacy_redact_files()
        self.env.registry.clear_cache()

    def _privacy_delete(self, table):
        """Delete the rows of a table of Odoo that are about these fields."""
        self.env.execute_query(
            SQL(
                "DELETE FROM %s WHERE field_id = ANY(%s) RETURNING id",
                SQL.identifier(table),
                self.ids,
            )
        )
        self.env.invalidate_all(flush=False)

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------

    def _privacy_redact_files(self):
        """Put masks in place of values in text files, and in the text by which any file
        is found. Other files stay as they are, and the log names them."""
        # superuser: whoever may read which file, none may repeat the values
        attachments = self.env["ir.attachment"].sudo()
        indexed = Domain("index_content", "!=", False) & Domain("res_field", "=", False)
        for attachment in attachments.search(indexed & ~ASSETS):
            if values := self._privacy_values_in(attachment.index_content):
                self._privacy_redact_file(attachment, values)
            attachment.invalidate_recordset(["index_content", "raw"])

    def _privacy_redact_file(self, attachment, values):
        def redacted(text):
            for value in sorted(values, key=len, reverse=True):
                text = text.replace(value, masking.mask(value, visible))
            return text

        visible = self.privacy_visible_chars
        if attachment.mimetype.startswith("text/") and attachment.type == "binary":
            # writing the content makes Odoo index it anew
            attachment.raw = redacted(attachment.raw.decode(errors="replace")).encode()
            return
        attachment.index_content = redacted(attachment.index_content)
        _logger.warning("File %s repeats values of %s", attachment.id, self)

    def _privacy_values_in(self, text):
        """:return: the cells of a file that are values, found by their blind index"""
        cipher = self._privacy_cipher()
        cells = {cell.strip() for cell in CELLS.split(text)} - {""}
        by_index = {index: cell for cell in cells for index in cipher.indexes(cell)}
        column = SQL.identifier(self.name)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT %(index)s FROM %(table)s
                 WHERE %(is_ciphertext)s AND %(index)s = ANY(%(indexes)s)
                """,
                index=blind_index_sql(column),
                table=SQL.identifier(self._privacy_table()),
                is_ciphertext=ciphertext_sql(column),
                indexes=list(by_index),
            )
        )
        return {by_index[index] for (index,) in rows}
