from datetime import datetime, timezone

from odoo import api, fields, models

from ...tools.tlog import cosignature


class ConsentCosignature(models.Model):
    """What a witness has said of a checkpoint (EVI-2): that it goes on from all that it
    had seen of this log."""

    _name = "consent.cosignature"
    _description = "Cosignature"
    _inherit = ["consent.frozen.mixin"]
    _log_access = False
    _order = "id"
    _rec_name = "date"

    checkpoint_id = fields.Many2one(
        "consent.log.checkpoint", required=True, readonly=True, ondelete="restrict"
    )
    witness_id = fields.Many2one(
        "consent.witness", required=True, readonly=True, ondelete="restrict"
    )
    date = fields.Datetime("Cosigned on", required=True, readonly=True)
    # as they stand below the checkpoint
    lines = fields.Text("Cosignature", required=True, readonly=True)

    _once_uniq = models.UniqueIndex(
        "(checkpoint_id, witness_id)", "A witness cosigns a checkpoint once."
    )

    @api.private
    def init(self):
        self._refuse_changes_in_database()

    @api.model
    def _keep(self, checkpoint, witness, signatures):
        """:param signatures: those of one witness, checked"""
        seconds = max(map(cosignature.moment, signatures))
        moment = datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)
        vals = {
            "checkpoint_id": checkpoint.id,
            "witness_id": witness.id,
            "date": moment,
            "lines": "".join(map(str, signatures)),
        }
        return self._make([vals])
