from urllib.parse import urlencode

from odoo import models


class ConsentRecord(models.Model):
    """The receipt, handed out by an officer."""

    _inherit = "consent.record"

    def action_receipt(self):
        """Download the receipt of these consents, to read and for programs.

        :raise AccessError: for anybody but an officer who may read these
        """
        self._check_evidence_reader()
        query = urlencode({"ids": ",".join(map(str, self.ids))})
        url = f"/privacy_guard/privacy-receipt.zip?{query}"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def _hand_out_receipt(self):
        """:return: {name: content} of the receipt, in the language of the person, after
        it was logged
        :raise AccessError: as above"""
        self._check_evidence_reader()
        self._log_evidence("receipt")
        person = self.env[self[:1].res_model].browse(self[:1].res_id).exists()
        lang = person._privacy_own_lang() if person else self.env.lang
        records = self.with_context(lang=lang)
        return records.env["consent.receipt"]._files(records)
