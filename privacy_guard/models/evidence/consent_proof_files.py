import json

from odoo import api, models


class ConsentProof(models.AbstractModel):
    """What is attached to a proof pack: all that a stranger needs to verify it."""

    _inherit = "consent.proof"

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
            **self._stamp_files(chains),
        }

    @api.model
    def _proof_name(self, event_id):
        return f"event-{event_id}.tlog-proof"

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
