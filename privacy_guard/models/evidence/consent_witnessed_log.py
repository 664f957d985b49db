import logging
import time

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import keyring
from ...tools.tlog import merkle, note, witness
from ...tools.tlog.cosignature import Cosigner

_logger = logging.getLogger(__name__)

LOGS = "privacy_guard.witnessed_logs"


class ConsentWitnessedLog(models.Model):
    """Logs of others that this installation is a witness of (EVI-2): what it has
    cosigned of each. It cosigns nothing that does not go on from there, and shows what
    it refused.

    Which logs these are, and their keys, is for the settings to say. A log that was
    restored from a backup goes on in a row of its own, once an administrator has
    accepted that; the former one stays, archived.
    """

    _name = "consent.witnessed.log"
    _description = "Log that is witnessed"
    _inherit = ["consent.frozen.mixin"]
    _log_access = False
    _order = "origin, id desc"
    _rec_name = "origin"

    active = fields.Boolean("In use", default=True, readonly=True)
    origin = fields.Char("Log", required=True, readonly=True)
    # numbers of others may be larger than those of our columns
    size = fields.Char("Events cosigned", required=True, readonly=True)
    root = fields.Char("Root hash", required=True, readonly=True)
    note = fields.Text("Checkpoint", readonly=True)
    cosigned_at = fields.Datetime("Cosigned on", readonly=True)
    refused_note = fields.Text("Refused checkpoint", readonly=True)
    refused_at = fields.Datetime("Refused on", readonly=True)
    is_fork = fields.Boolean("Two histories", readonly=True)
    # that the log was restored, from which on it is cosigned here
    declaration = fields.Text(readonly=True)
    accepted_by = fields.Many2one(
        "res.users", "Accepted by", readonly=True, ondelete="restrict"
    )

    _origin_uniq = models.UniqueIndex(
        "(origin) WHERE active", "A log is witnessed once."
    )

    # ------------------------------------------------------------------
    # Who signs, and for whom
    # ------------------------------------------------------------------

    @api.model
    def _witness_name(self):
        """:return: the name in which others' checkpoints are cosigned"""
        name = self.env["consent.log"]._log_name()
        return f"{name.removesuffix('/log')}/witness"

    @api.model
    def _cosigners(self):
        """:return: list of ``cosignature.Cosigner``, of this moment"""
        name, now = self._witness_name(), int(time.time())
        return [
            Cosigner(name, keyring.cosigning_seed(key, name), now)
            for key in self.env["consent.log"]._keys()
        ]

    @api.model
    def _verifiers_of(self, origin):
        """:return: list of the keys of a log, empty if it is not witnessed"""
        # superuser: which logs these are, whoever posts
        text = self.env["ir.config_parameter"].sudo().get_param(LOGS) or ""
        try:
            return witness.read_verifiers(text).get(origin, [])
        except merkle.ProofError as error:
            _logger.error("No log is witnessed, as the settings name none: %s", error)
            return []

    # ------------------------------------------------------------------
    # Cosigning
    # ------------------------------------------------------------------

    @api.model
    def _add_checkpoint(self, content):
        """Cosign the checkpoint of a log, if it goes on from what was cosigned before.

        Nobody logs in for it: the signature of the log is what counts. Without one,
        nothing is stored or locked.

        :param bytes content: as C2SP tlog-witness has it posted to ``add-checkpoint``
        :return: the cosignatures, as text
        :raise Refusal: with the status
        """
        posted = witness.Submission.parse(content)
        origin = posted.checkpoint.origin
        signed = posted.signed_by(self._verifiers_of(origin))
        if self.env["consent.log"]._blocker():
            raise witness.Refusal(503)
        # from now on the name of the witness stays what it is
        self.env["consent.log"]._get()
        # superuser: whoever posts is nobody
        row = self.sudo()._lock(origin)
        row._judge(posted, signed)
        return row._cosign(posted.checkpoint, signed)

    @api.model
    def _find(self, origin):
        return self.search([("origin", "=", origin)], limit=1)

    @api.model
    def _lock(self, origin):
        """Have two posts at once answered one after the other: the second one begins
        again with what the first one has left.

        :return: the row of a log, made with its first checkpoint
        """
        self.env.execute_query(
            SQL(
                """
                INSERT INTO consent_witnessed_log (active, origin, size, root)
                     VALUES (TRUE, %s, '0', %s)
                ON CONFLICT (origin) WHERE active DO NOTHING
                """,
                origin,
                note.encode(merkle.EMPTY_ROOT),
            )
        )
        self.env.execute_query(
            SQL(
                "SELECT FROM consent_witnessed_log WHERE active AND origin = %s"
                " FOR UPDATE",
                origin,
            )
        )
        return self._find(origin)

    def _judge(self, posted, signed):
        """:param signed: the note, with the signatures that were checked
        :raise Refusal: with the status"""
        try:
            posted.check_follows(int(self.size), note.decode(self.root))
        except witness.Refusal as refusal:
            if refusal.status == 422:
                self._note_refused(posted, signed)
            raise

    def _note_refused(self, posted, signed):
        """Keep what the log has signed and we do not cosign. A proof that fails may be
        the fault of a stranger, who posts what is published: it does not take the place
        of two roots of one size."""
        is_fork = posted.is_fork(int(self.size), note.decode(self.root))
        if is_fork or not self.is_fork:
            now, text = fields.Datetime.now(), str(signed)
            self._set({"refused_note": text, "refused_at": now, "is_fork": is_fork})

    def _cosign(self, new, signed):
        """:param signed: the note, with the signatures that were checked
        :return: the cosignatures, as text"""
        both = signed.signed(self._cosigners())
        vals = {
            "size": str(new.size),
            "root": note.encode(new.root),
            "note": str(both),
            "cosigned_at": fields.Datetime.now(),
        }
        if not self.is_fork:
            vals |= {"refused_note": False, "refused_at": False}
        self._set(vals)
        return "".join(map(str, both.signatures[len(signed.signatures) :]))

    @api.model
    def _seen(self, log_id):
        """:param str log_id: as ``witness.log_id`` gives it
        :return: text of the newest checkpoint of a log that was cosigned, or None"""
        # superuser: it is published, for whoever asks
        for row in self.sudo().search([("note", "!=", False)]):
            if witness.log_id(row.origin) == log_id:
                return row.note
        return None
