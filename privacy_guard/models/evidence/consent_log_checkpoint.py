from odoo import api, fields, models

from ...tools.tlog import checkpoint, merkle, note, proof


class PrivacyLogCheckpoint(models.Model):
    """What was signed: how large the log was, and its root (EVI-2). Whoever keeps one
    outside can show that what it covers was altered afterwards."""

    _name = "consent.log.checkpoint"
    _description = "Checkpoint of the evidence"
    _inherit = ["consent.frozen.mixin"]
    _order = "id desc"
    _log_access = False
    _rec_name = "date"

    date = fields.Datetime("Signed on", required=True, readonly=True)
    size = fields.Integer("Events", required=True, readonly=True, aggregator=None)
    note = fields.Text("Checkpoint", required=True, readonly=True)
    cosignature_ids = fields.One2many(
        "consent.cosignature", "checkpoint_id", "Cosignatures", readonly=True
    )

    stamp_ids = fields.One2many(
        "consent.stamp", "checkpoint_id", "Time stamps", readonly=True
    )
    stamp_state = fields.Selection(string="Time stamp", related="stamp_ids.state")

    @api.private
    def init(self):
        self._refuse_changes_in_database()

    def action_seal(self):
        """As ``consent.log``'s, from the list of checkpoints."""
        return self.env["consent.log"].action_seal()

    def action_download_stamp(self):
        """:return: action that downloads the time stamp"""
        self.ensure_one()
        self.check_access("read")
        url = f"/privacy/log/stamp/{self.size}.tst"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    @api.model
    def _last(self):
        """:return: the newest one, as superuser: it is published"""
        # superuser: see above
        return self.sudo().search([], limit=1)

    @api.model
    def _sign(self, log):
        """Sign the present size, unless the same keys have signed it already."""
        signed = str(log._checkpoint().sign(log._signers()))
        if log.size and self._last().note != signed:
            date = fields.Datetime.now()
            self._make([{"date": date, "size": log.size, "note": signed}])

    def _open(self):
        """:return: the ``checkpoint.Checkpoint``
        :raise ProofError: it was altered, or none of the present keys signed it"""
        verifiers = self.env["consent.log"]._verifiers()
        return checkpoint.open_checkpoint(self.note, verifiers)

    def _is_cosigned_by(self, witness):
        """:return: whether a witness has cosigned it already"""
        return witness in self.cosignature_ids.witness_id

    def _cosigned_note(self):
        """:return: the checkpoint as it is shown to others, with what witnesses have
        said of it; empty without one"""
        # superuser: it is published
        return "".join([self.note or "", *self.sudo().cosignature_ids.mapped("lines")])

    def _export_files(self):
        """:return: list of (name, content as bytes): the checkpoint as it is shown to
        others, the keys that verify it, and its time stamp"""
        keys = "".join(f"{key}\n" for key in self.env["consent.log"]._verifiers())
        return [
            ("checkpoint.txt", self._cosigned_note().encode()),
            ("keys.txt", keys.encode()),
            # superuser: as above
            *self.sudo().stamp_ids._files().items(),
        ]

    @api.model
    def _prove(self, event):
        """:param event: one event
        :return: text of the proof file that the last checkpoint covers it; None when it
            was recorded later
        """
        event.ensure_one()
        return self._prove_all(event)[event.id]

    @api.model
    def _prove_all(self, events):
        """:return: {id of the event: as :meth:`_prove`}"""
        # superuser: the caller's right on the events is what counts
        leaves = self.env["consent.log.leaf"].sudo()
        found = leaves.search([("event_id", "in", events.ids)])
        proofs = self._prove_leaves(found)
        by_event = {leaf.event_id: proofs.get(leaf.leaf_index) for leaf in found}
        return {id_: by_event.get(id_) for id_ in events.ids}

    @api.model
    def _prove_leaves(self, leaves):
        """As :meth:`_prove`, of what stands at places of the log.

        :return: {place: text of the proof file}, without what the last checkpoint does
            not cover
        """
        last = self._last()
        return last._prove_within(leaves, last._cosigned_note())

    def _prove_within(self, leaves, shown):
        """As :meth:`_prove_leaves`, that this checkpoint covers them.

        :param str shown: the checkpoint as the proof shall have it
        """
        proofs, reader = {}, self.env["consent.log.tile"]._reader()
        for index, _id, entry in leaves._own_entries():
            if index < self.size:
                path = tuple(merkle.inclusion_proof(index, self.size, reader))
                proof_file = proof.Proof(index, path, shown, entry.encode())
                proofs[index] = str(proof_file)
        return proofs

    @api.model
    def _parsed(self, text):
        """:return: the ``checkpoint.Checkpoint`` of a text, whoever signed it
        :raise ProofError: it is none"""
        return checkpoint.Checkpoint.parse(note.Note.parse(text).text)
