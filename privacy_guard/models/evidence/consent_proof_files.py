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
        checkpoints = self.env["consent.log.checkpoint"]
        proofs = {
            name: checkpoints._prove(head)
            for name, head in zip(
                self._proof_names(chains), self._sealed_heads(chains), strict=True
            )
        }
        receipt = self.env["consent.receipt"]._files(records)
        return {
            "privacy-receipt.jsonld": receipt["privacy-receipt.jsonld"],
            "evidence.jsonl": self._evidence(chains).encode(),
            **{name: text.encode() for name, text in proofs.items()},
        }

    @api.model
    def _sealed_heads(self, chains):
        checkpoints = self.env["consent.log.checkpoint"]
        return self._heads(chains).filtered(checkpoints._prove)

    @api.model
    def _proof_names(self, chains):
        return [f"event-{head.id}.tlog-proof" for head in self._sealed_heads(chains)]

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
