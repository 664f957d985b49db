import logging
import re

from odoo import SUPERUSER_ID, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...fields.encrypted import CIPHERTEXT, cipher_of
from ...tools import keyring, masking

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
    """Files that repeat the values of a field that is encrypted, such as exports."""

    _inherit = "ir.model.fields"

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
        cipher = cipher_of(keyring.load(), self.model, self.name)
        cells = {cell.strip() for cell in CELLS.split(text)} - {""}
        by_index = {index: cell for cell in cells for index in cipher.indexes(cell)}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT split_part(%(column)s, ':', 3) FROM %(table)s
                 WHERE %(column)s LIKE %(ciphertext)s
                   AND split_part(%(column)s, ':', 3) = ANY(%(indexes)s)
                """,
                column=SQL.identifier(self.name),
                table=SQL.identifier(self._privacy_table()),
                ciphertext=CIPHERTEXT,
                indexes=list(by_index),
            )
        )
        return {by_index[index] for (index,) in rows}
