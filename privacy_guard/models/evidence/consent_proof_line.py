import csv
import io
import tempfile
import zipfile

from odoo import api, fields, models
from odoo.exceptions import UserError

from .ir_actions_report import PROOF_PACK

STATES = [("waiting", "Waiting"), ("made", "Made"), ("failed", "Failed")]
OVERVIEW = "overview.csv"


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
    # the PDF, sealed as access copies are
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
        reports = records.env["ir.actions.report"]
        content, kind = reports._render_qweb_pdf(PROOF_PACK, records.ids)
        if kind != "pdf":
            raise UserError(self.env._("The server makes no PDF."))
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
        """:return: name of the file in the archive, "" where none was made"""
        # superuser: the line was found with the rights of the user
        content = self.sudo().content
        if not content:
            return ""
        name = f"{self.res_model}-{self.res_id}.pdf"
        parts = self.env["privacy.export.part"]
        archive.writestr(name, parts._unsealed(self._context(), content))
        self.invalidate_recordset(["content"])
        return name
