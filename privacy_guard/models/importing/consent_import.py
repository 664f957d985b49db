import base64
import binascii
import io
import zipfile

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...constants import OFFICER
from ...tools import answer_file

STATES = [
    ("draft", "New"),
    ("checked", "Checked"),
    ("running", "Importing"),
    ("done", "Imported"),
]
# What officers may set themselves; all else is what happened.
EDITABLE = {"file", "file_name", "documents", "documents_name"}
MAX_DOCUMENT = 10 * 1024 * 1024  # bytes, of one file in the archive


class ConsentImport(models.Model):
    """Answers that people gave elsewhere, from a file (T4): a dry run that says of each
    line what stands against it, and then the rest of them in the background."""

    _name = "consent.import"
    _description = "Import of answers"
    _inherit = ["privacy.job.mixin"]
    _order = "id desc"
    _rec_name = "file_name"
    _job_cron = "privacy_guard.ir_cron_consent_import"
    _job_begun = "write_date"

    file = fields.Binary(attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    documents = fields.Binary(
        "Proof", attachment=True, copy=False, help="A ZIP archive with the documents."
    )
    documents_name = fields.Char(copy=False)
    user_id = fields.Many2one(
        "res.users", "Officer", readonly=True, default=lambda self: self.env.uid
    )
    state = fields.Selection(STATES, readonly=True, default="draft", copy=False)
    line_ids = fields.One2many("consent.import.line", "import_id", readonly=True)
    # what is not imported, and why
    refused_line_ids = fields.One2many(
        "consent.import.line",
        "import_id",
        "Not imported",
        domain=[("reason", "!=", False), ("state", "!=", "done")],
        readonly=True,
    )
    # what is, and had been refused by the person
    turned_line_ids = fields.One2many(
        "consent.import.line",
        "import_id",
        "No turned into yes",
        domain=[("reason", "!=", False), ("state", "=", "done")],
        readonly=True,
    )
    report = fields.Binary("Refused lines", compute="_compute_report")
    report_name = fields.Char(compute="_compute_report")
    ready_count = fields.Integer("To import", compute="_compute_counts")
    refused_count = fields.Integer("Refused", compute="_compute_counts")
    skipped_count = fields.Integer("Skipped", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    done_count = fields.Integer("Imported", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts", aggregator=None)

    def _compute_counts(self):
        groups = self.env["consent.import.line"]._read_group(
            [("import_id", "in", self.ids)], ["import_id", "state"], ["__count"]
        )
        counts = {(row.id, state): count for row, state, count in groups}
        for row in self:
            for state in ("ready", "refused", "skipped", "failed", "done"):
                row[f"{state}_count"] = counts.get((row._origin.id, state), 0)
            finished = row.done_count + row.skipped_count + row.failed_count
            row.progress = 100 * finished / max(finished + row.ready_count, 1)

    def _compute_report(self):
        """What was not imported, and why: a file to correct and to import again."""
        for row in self:
            refused = self.env["consent.import.line"].search(
                [
                    ("import_id", "=", row._origin.id),
                    ("reason", "!=", False),
                    ("state", "!=", "done"),
                ]
            )
            header = [self.env._("Line"), *answer_file.COLUMNS, self.env._("Reason")]
            lines = [
                [line.number, *map(line._text, answer_file.COLUMNS), line.reason]
                for line in refused
            ]
            content = answer_file.write([header, *lines]) if refused else b""
            row.report = base64.b64encode(content)
            row.report_name = "refused.csv"

    # ------------------------------------------------------------------
    # Who may change it
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._privacy_check_editable(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._privacy_check_editable(vals)
        if not self.env.su and any(row.state != "draft" for row in self):
            raise UserError(self.env._("It was checked already. Begin a new import."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if any(row.state == "running" for row in self):
            raise UserError(self.env._("Wait until it is imported."))

    @api.model
    def _privacy_check_editable(self, vals):
        if not self.env.su and (foreign := vals.keys() - EDITABLE):
            raise AccessError(
                self.env._("Nobody sets %s of an import.", ", ".join(sorted(foreign)))
            )

    def _check_officer(self):
        """:raise AccessError: for anybody but the officer whose import it is"""
        self.ensure_one()
        if not self.env.user.has_group(OFFICER) or self.user_id != self.env.user:
            raise AccessError(self.env._("Only the officer who began it goes on."))

    # ------------------------------------------------------------------
    # Dry run and import
    # ------------------------------------------------------------------

    def action_check(self):
        """The dry run: read the file and say of each line what stands against it.

        :raise UserError: when the file cannot be read
        """
        self._check_officer()
        if self.state not in ("draft", "checked") or not self.file:
            raise UserError(self.env._("Choose a file first."))
        try:
            lines = list(answer_file.read(self._content(), fields.Datetime.now()))
        except answer_file.FileError as error:
            raise UserError(self._file_message(str(error))) from error
        names = self._document_names()
        # superuser: nobody makes these rows but this method
        rows = self.env["consent.import.line"].sudo()
        rows.search([("import_id", "=", self.id)]).unlink()
        self.env["consent.import.line"]._store(self, lines, names)
        self.sudo().state = "checked"

    def action_import(self):
        """Import the lines that nothing stands against, in the background."""
        self._check_officer()
        self.lock_for_update()
        if self.state != "checked" or not self.ready_count:
            raise UserError(self.env._("There is nothing to import."))
        # superuser: the state is nobody's to set
        self.sudo().state = "running"
        self._cron()._trigger()

    def action_open_lines(self):
        """:return: action of the lines"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "privacy_guard.consent_import_line_action"
        )
        return {**action, "domain": [("import_id", "=", self.id)]}

    def _content(self):
        return base64.b64decode(self.with_context(bin_size=False).file)

    def _file_message(self, code):
        if code == "no_header":
            return self.env._(
                "The first line must name these columns: %s",
                ", ".join(answer_file.COLUMNS),
            )
        return self.env._("The file is no CSV file that can be read.")

    def _archive(self):
        """:return: the archive of the documents, or None
        :raise UserError: when it is none"""
        content = self.with_context(bin_size=False).documents
        if not content:
            return None
        try:
            return zipfile.ZipFile(io.BytesIO(base64.b64decode(content)))
        except (zipfile.BadZipFile, binascii.Error) as error:
            raise UserError(self.env._("The proof is no ZIP archive.")) from error

    def _document_names(self):
        """:return: names of the documents that are there and not too big"""
        archive = self._archive()
        infos = archive.infolist() if archive else []
        return {info.filename for info in infos if info.file_size <= MAX_DOCUMENT}
