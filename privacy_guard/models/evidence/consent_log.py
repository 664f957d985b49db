import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...access import administers
from ...notifications import RELOAD, notification
from ...tools import installation, keyring
from ...tools.tlog import checkpoint, merkle, note

_logger = logging.getLogger(__name__)

BATCH = 20_000  # events that enter the log in one transaction


class PrivacyLog(models.Model):
    """The transparency log of this database (EVI-2): the Merkle tree of all events, how
    large it is, and which size was signed.

    An event enters it once, at the next free place, in whatever order events were
    committed. What has its place is never looked at again but to prove or verify it.
    """

    _name = "consent.log"
    _description = "Transparency log"
    _inherit = ["consent.frozen.mixin", "privacy.job.mixin"]
    _log_access = False
    _rec_name = "origin"
    _job_cron = "privacy_guard.ir_cron_log"
    # one row, which is due again and again
    _job_begun = "worked_at"

    origin = fields.Char(required=True, readonly=True)
    # a copy of a database may not go on with the log of the original
    database_uuid = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    size = fields.Integer("Events", readonly=True, aggregator=None)
    is_due = fields.Boolean("To be sealed", readonly=True)
    # signed once, and not held any more: nothing is signed until an officer declares it
    lost_note = fields.Text("Checkpoint that is lost", readonly=True)
    mailed_checkpoint_id = fields.Many2one(
        "consent.log.checkpoint", "Last sent", readonly=True, ondelete="restrict"
    )
    # no event up to this one can still come to light
    settled_event_id = fields.Integer(readonly=True, aggregator=None)
    # the same, once all that is committed is in the log
    settling_event_id = fields.Integer(readonly=True, aggregator=None)

    _one_uniq = models.UniqueIndex("((TRUE))", "A database has one log.")

    @api.model
    def _get(self):
        """:return: the log of this database, as superuser; made with the first key"""
        log = self._find()
        if log or not self._keys():
            return log
        origin = note.check_name(self._log_name())
        vals = {"origin": origin, "database_uuid": self._parameter("database.uuid")}
        return self._make([vals]).sudo()

    @api.model
    def _find(self):
        """:return: the log as superuser, empty before the first night with a key"""
        # superuser: the log holds no personal data, and whoever serves it is nobody
        return self.sudo().search([], limit=1)

    @api.model
    def _log_name(self):
        """:return: the name in which checkpoints are signed; it stays what it was when
        the log was begun"""
        url = self._parameter("web.base.url") or ""
        return self._find().origin or f"{url.partition('://')[2] or url}/privacy/log"

    @api.model
    def _parameter(self, key):
        # superuser: settings that everybody's work rests on
        return self.env["ir.config_parameter"].sudo().get_param(key)

    # ------------------------------------------------------------------
    # Whether it may be signed
    # ------------------------------------------------------------------

    @api.model
    def _keys(self):
        """:return: the keys that sign; none where there is no usable key file"""
        try:
            return keyring.load().signing_keys
        except keyring.KeyringError:
            return ()

    @api.model
    def _signers(self):
        origin = self._log_name()
        return [note.Signer(origin, key.secret) for key in self._keys()]

    @api.model
    def _verifiers(self):
        """:return: list of the ``note.Verifier`` that outsiders need"""
        return [signer.verifier for signer in self._signers()]

    @api.model
    def _blocker(self):
        """:return: why nothing is sealed, False if nothing is in the way"""
        if not self._keys():
            return self._no_key_reason()
        log = self._find()
        if log and log.database_uuid != self._parameter("database.uuid"):
            return self.env._(
                "This database is a copy: it may not sign in the name of %(origin)s.",
                origin=log.origin,
            )
        return False

    @api.model
    def _no_key_reason(self):
        if not administers(self.env):
            return self.env._("No key signs. Ask your administrator to add one.")
        return self.env._(
            "No key signs: %(command)s adds one to the key file.",
            command=installation.hint("sign"),
        )

    # ------------------------------------------------------------------
    # Sealing
    # ------------------------------------------------------------------

    @api.model
    def _seal(self):
        """Seal what is new, in the background; each night, or when an officer asks."""
        if self._blocker():
            return
        self._get()._note({"is_due": True})
        self._run()

    @api.model
    def action_seal(self):
        """Seal what is new, beginning at once in the background.

        :return: action that says so
        :raise AccessError: for anybody but a privacy officer
        :raise UserError: when no key signs
        """
        self.env["consent.event"]._check_officer()
        if reason := self._blocker() or self._fork_reason():
            raise UserError(reason)
        self._get()._note({"is_due": True})
        # superuser: sealing in the background is part of asking for it
        self._cron().sudo()._trigger()
        return notification(
            self.env._(
                "New evidence is being sealed, in the background. The checkpoint is "
                "listed here as soon as it is signed."
            ),
            RELOAD,
        )

    @api.model
    def _unfinished_domain(self):
        return [("is_due", "=", True)]

    def _do_batch(self):
        """Look once for what cannot be overtaken any more, then, in transactions that
        began afterwards, let events enter; sign when all are in."""
        if reason := self._blocker() or self._fork_reason():
            raise UserError(reason)
        if not self.settling_event_id:
            if self.env["consent.witness"]._find_lost():
                return 1  # noted, and the reason why the next batch fails
            self._note({"settling_event_id": self._settled() or self.settled_event_id})
            if self.settling_event_id:
                return 1
        leaves = self.env["consent.log.leaf"]._append(self, BATCH)
        if leaves:
            self._note({"size": self.env["consent.log.tile"]._grow(self.size, leaves)})
            return len(leaves)
        settled = self.settling_event_id
        vals = {"settled_event_id": settled, "settling_event_id": 0, "is_due": False}
        self._note(vals)
        self.env["consent.log.checkpoint"]._sign(self)
        self.env["consent.witness"]._ask_all()
        self.env["consent.webhook"]._send_newest()
        self.env["consent.stamp"]._ask_newest()
        return 1

    @api.model
    def _settled(self):
        """Numbers of events are given in another order than transactions end. Whoever
        has taken one, and has not ended, holds a lock on the table.

        :return: a number up to which every event is committed, or never will be, for
            transactions that begin now; None while somebody writes
        """
        [(last,)] = self.env.execute_query(
            SQL(
                "SELECT CASE WHEN is_called THEN last_value END FROM %s",
                SQL.identifier("consent_event_id_seq"),
            )
        )
        # after the number was read: who takes a lock later takes a higher one
        writing = self.env.execute_query(
            SQL(
                """
                SELECT FROM pg_locks
                 WHERE relation = 'consent_event'::regclass
                   AND database = (SELECT oid FROM pg_database
                                    WHERE datname = current_database())
                   AND mode = 'RowExclusiveLock' AND granted
                   AND pid IS DISTINCT FROM pg_backend_pid()
                 LIMIT 1
                """
            )
        )
        return None if writing else last

    # ------------------------------------------------------------------
    # What it says
    # ------------------------------------------------------------------

    def _checkpoint(self):
        """:return: the ``checkpoint.Checkpoint`` of its present size, not signed"""
        root = merkle.root(self.size, self.env["consent.log.tile"]._reader())
        return checkpoint.Checkpoint(self.origin, self.size, root)
