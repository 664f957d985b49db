import csv
import io
import tempfile
import zipfile

from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [("waiting", "Waiting"), ("made", "Made"), ("failed", "Failed")]
OVERVIEW = "overview.csv"
ZIP = b"PK\x03\x04"  # how such files begin


class ConsentProofLine(models.Model):
    """The proof pack of one person among many: made, or why not."""

    _name = "consent.proof.line"
    _description = "Proof pack of a person"
    _inherit = ["consent.frozen.mixin", "consent.subject.row.mixin"]
    _order = "id"
    _log_access = False

    order_id = fields.Many2one(
        "consent.proof.order",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    # of ``consent.record``; nothing for all that the person was ever asked
    consent_ids = fields.Json(readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    reason = fields.Char("Failed because", readonly=True)
    # the PDF or ZIP file, sealed as access copies are
    content = fields.Text(readonly=True, groups=fields.NO_ACCESS)

    # ------------------------------------------------------------------
    # Making one
    # ------------------------------------------------------------------

    def _make_pack(self):
        """Make the pack with the rights that the officer has now.

        :raise AccessError: the officer is none any more, or may not read the person
        :raise UserError: there is nothing to prove
        """
        records = self._consents(self._as_officer())
        content = records.env["consent.proof"]._document(records)
        sealed = self.env["privacy.export.part"]._sealed(self._context(), content)
        self._set({"content": sealed, "state": "made", "reason": False})

    def _as_officer(self):
        """:return: the environment of who has asked, by their rights and language"""
        user = self.order_id.user_id
        if not user.active:
            raise UserError(self.env._("The user who asked for it is archived."))
        return self.with_user(user).with_context(lang=user.lang, tz=user.tz).env

    def _consents(self, env):
        person = env[self.res_model].browse(self.res_id).exists()
        if not person:
            raise UserError(self.env._("The contact was deleted meanwhile."))
        if not self.consent_ids:
            return person._privacy_evidence()
        records = env["consent.record"].browse(self.consent_ids).exists()
        # what was merged into another person is that one's now
        own = records.filtered(lambda record: record.res_id == self.res_id)
        return own or person._privacy_evidence()

    def _about(self):
        return self.res_model, self.res_id

    def _refuse(self, reason):
        self._set({"state": "failed", "reason": reason})

    def _context(self):
        return f"{self._name},{self.id}"

    # ------------------------------------------------------------------
    # Handing out many
    # ------------------------------------------------------------------

    @api.model
    def _archive(self, order):
        """:return: temporary file with a ZIP of the packs that the user may read now,
        and a table of what became of each"""
        file = tempfile.TemporaryFile()
        table = io.StringIO()
        writer = csv.writer(table)
        writer.writerow(["model", "id", "file", "state", "reason"])
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for line in self.search([("order_id", "=", order.id)]):
                name = line._write_to(archive)
                row = (line.res_model, line.res_id, name, line.state, line.reason or "")
                writer.writerow(row)
            archive.writestr(OVERVIEW, table.getvalue())
        return file

    def _write_to(self, archive):
        """:return: name of the file or folder in the archive, "" where there is none"""
        # superuser: the line was found with the rights of the user
        sealed = self.sudo().content
        if not sealed:
            return ""
        content = self.env["privacy.export.part"]._unsealed(self._context(), sealed)
        self.invalidate_recordset(["content"])
        return self._unpack(archive, f"{self.res_model}-{self.res_id}", content)

    @api.model
    def _unpack(self, archive, name, content):
        """:return: name of the PDF, or of the folder of what the server made instead"""
        if not content.startswith(ZIP):
            archive.writestr(f"{name}.pdf", content)
            return f"{name}.pdf"
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            for each in pack.namelist():
                archive.writestr(f"{name}/{each}", pack.read(each))
        return f"{name}/"
