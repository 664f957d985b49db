import io
import json
import zipfile

from odoo import api, models
from odoo.exceptions import UserError

from .ir_actions_report import PROOF_PACK

# of the program that makes PDF files; with another one the web client makes none either
MAKES_PDF = ("ok", "upgrade")
PAGE = "proof-pack.html"


class ConsentProof(models.AbstractModel):
    """What is attached to a proof pack: all that a stranger needs to verify it."""

    _inherit = "consent.proof"

    @api.model
    def _document(self, records):
        """Hand the pack out as one file, which is logged.

        :return: content of a PDF, or, where no program makes any, of a ZIP file with
            the same page and what would be attached
        :raise AccessError: for anybody but an officer who may read these consents
        """
        reports = self.env["ir.actions.report"]
        if reports.get_wkhtmltopdf_state() not in MAKES_PDF:
            return self._archive(records)
        content, kind = reports._render_qweb_pdf(PROOF_PACK, records.ids)
        if kind != "pdf":
            raise UserError(self.env._("The server makes no PDF."))
        return content

    @api.model
    def _archive(self, records):
        """:return: content of a ZIP file of :meth:`_page_and_files`"""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self._page_and_files(records).items():
                archive.writestr(name, content)
        return buffer.getvalue()

    @api.model
    def _page_and_files(self, records):
        """As :meth:`_document`, without PDF.

        :return: {name: content}: the page, and what a stranger verifies
        """
        reports, data = self.env["ir.actions.report"], {"report_type": "files"}
        page, _kind = reports._render_qweb_html(PROOF_PACK, records.ids, data)
        return {PAGE: page, **self._files(records)}

    @api.model
    def _files(self, records):
        """:return: {name: content as bytes} of what a stranger verifies"""
        records._check_evidence_reader()
        chains = self._chains(records)
        proofs = self.env["consent.log.checkpoint"]._prove_all(self._heads(chains))
        receipt = self.env["consent.receipt"]._files(records)
        return {
            "privacy-receipt.jsonld": receipt["privacy-receipt.jsonld"],
            "evidence.jsonl": self._evidence(chains).encode(),
            **{
                self._proof_name(id_): text.encode()
                for id_, text in proofs.items()
                if text
            },
            **self._restore_files(),
            **self._stamp_files(chains),
        }

    @api.model
    def _proof_name(self, event_id):
        return f"event-{event_id}.tlog-proof"

    @api.model
    def _restores(self):
        """:return: the places of the log at which officers have declared that the
        database was restored from a backup, as superuser"""
        # superuser: what the log says of itself is meant for everybody
        leaves = self.env["consent.log.leaf"].sudo()
        return leaves.search([("statement", "!=", False)], order="leaf_index")

    @api.model
    def _restore_files(self):
        """:return: {name: content as bytes} of the proofs of these declarations"""
        checkpoints = self.env["consent.log.checkpoint"]
        proofs = checkpoints._prove_leaves(self._restores())
        return {
            f"statement-{index}.tlog-proof": text.encode()
            for index, text in proofs.items()
        }

    @api.model
    def _evidence(self, chains):
        """:return: the chains as the stand-alone verifier reads them"""
        events = self.env["consent.event"].union(*chains.values())
        wanted = set(events.ids)
        rows = (
            row
            for person in self._people(chains)
            for row in events._export(*person)
            if row["id"] in wanted
        )
        return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
