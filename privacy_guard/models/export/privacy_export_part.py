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
        try:
            ring = keyring.load()
        except keyring.KeyringError:
            ring = None  # nothing is encrypted in this database either
        size = file.tell()
        file.seek(0)
        number = 0
        while data := file.read(PART_BYTES):
            self._store_part(export, number, data, ring)
            number += 1
        return size

    def _store_part(self, export, number, data, ring):
        if ring:
            content = cipher.seal(ring, self._context(export.id, number), data)
        else:
            content = base64.b64encode(data).decode()
        self._make([{"export_id": export.id, "number": number, "content": content}])
        self.env.flush_all()
        self.env.invalidate_all()

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
        if part.content.startswith(SEALED):
            context = self._context(export.id, part.number)
            return cipher.unseal(keyring.load(), context, part.content)
        return base64.b64decode(part.content)

    def _context(self, export_id, number):
        return f"privacy.export,{export_id},{number}"
