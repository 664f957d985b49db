import base64
import tempfile

from odoo import api, fields, models

from ...tools import cipher, keyring

# Memory that storing or reading a file takes, whatever its size.
PART_BYTES = 1024 * 1024
SEALED = f"{cipher.SEALED_VERSION}:"


class PrivacyExportPart(models.Model):
    """A piece of an export's file, sealed where there is a key file: it shows
    encrypted and withheld values, which no backup of the database may."""

    _name = "privacy.export.part"
    _description = "Part of an access copy"
    _inherit = ["consent.frozen.mixin"]
    _order = "export_id, number"
    _log_access = False

    export_id = fields.Many2one(
        "privacy.export", required=True, readonly=True, ondelete="cascade", index=True
    )
    number = fields.Integer(required=True, readonly=True)
    content = fields.Text(required=True, readonly=True, groups=fields.NO_ACCESS)

    @api.model
    def _store(self, export, file):
        """:param file: binary file, at its end
        :return: its size in bytes"""
        size = file.tell()
        file.seek(0)
        number = 0
        while data := file.read(PART_BYTES):
            self._store_part(export, number, data)
            number += 1
        return size

    def _store_part(self, export, number, data):
        content = self._sealed(self._context(export.id, number), data)
        self._make([{"export_id": export.id, "number": number, "content": content}])
        self.env.flush_all()
        self.env.invalidate_all()

    @api.model
    def _sealed(self, context, data):
        """:param str context: what the text is bound to
        :return: bytes as text, sealed where there is a key file"""
        try:
            return cipher.seal(keyring.load(), context, data)
        except keyring.KeyringError:
            # nothing is encrypted in this database either
            return base64.b64encode(data).decode()

    @api.model
    def _unsealed(self, context, content):
        """:return: the bytes of :meth:`_sealed`
        :raise KeyringError: the key that it was sealed under is gone
        :raise CipherError: it was altered"""
        if content.startswith(SEALED):
            return cipher.unseal(keyring.load(), context, content)
        return base64.b64decode(content)

    @api.model
    def _file(self, export):
        """:return: the file of an export, as a temporary file to read from
        :raise KeyringError: the key that it was sealed under is gone
        :raise CipherError: it was altered"""
        file = tempfile.TemporaryFile()
        # superuser: see above
        for part in self.sudo().search([("export_id", "=", export.id)]):
            file.write(self._data(export, part))
            part.invalidate_recordset()
        file.seek(0)
        return file

    def _data(self, export, part):
        return self._unsealed(self._context(export.id, part.number), part.content)

    def _context(self, export_id, number):
        return f"privacy.export,{export_id},{number}"
