import io

from odoo import models
from odoo.tools.pdf import OdooPdfFileReader, OdooPdfFileWriter

PROOF_PACK = "privacy_guard.report_consent_proof"
SUBTYPE = "application/octet-stream"


class IrActionsReport(models.Model):
    """The proof pack carries what it proves (EVI-4)."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        content, kind = super()._render_qweb_pdf(report_ref, res_ids, data)
        if (
            res_ids
            and kind == "pdf"
            and self._get_report(report_ref).report_name == PROOF_PACK
        ):
            records = self.env["consent.record"].browse(res_ids)
            content = self._embed(content, self.env["consent.proof"]._files(records))
        return content, kind

    def _embed(self, content, files):
        """:param bytes content: of a PDF
        :param dict files: {name: content as bytes}
        :return: the PDF with these files attached"""
        reader = OdooPdfFileReader(io.BytesIO(content), strict=False)
        writer = OdooPdfFileWriter()
        writer.cloneReaderDocumentRoot(reader)
        for name, file in files.items():
            writer.addAttachment(name, file, subtype=SUBTYPE)
        stream = io.BytesIO()
        writer.write(stream)
        return stream.getvalue()
