from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import retrying

from ...tools.tlog import checkpoint, merkle, restore

MOST_WORDS = 500  # characters of the reason of a restore


class PrivacyLog(models.Model):
    """Comparing the log with a checkpoint that somebody has kept: a database that was
    restored from a backup goes on with another history than the one that was signed,
    and has to say so (EVI-2)."""

    _inherit = "consent.log"

    # ------------------------------------------------------------------
    # Comparing and declaring
    # ------------------------------------------------------------------

    @api.model
    def _compare(self, text):
        """:param str text: a checkpoint, as it was sent or published
        :return: the ``checkpoint.Checkpoint``, and whether the log holds what it covers
        :raise UserError: when it is none of this log
        """
        log = self._find()
        try:
            stated = checkpoint.open_checkpoint(
                self._as_signed(text), self._verifiers()
            )
        except merkle.ProofError as error:
            raise UserError(
                self.env._("This is no checkpoint of this log: %s", error)
            ) from error
        return stated, log._holds(stated)

    def _holds(self, stated):
        """:return: whether the log holds what a ``checkpoint.Checkpoint`` covers"""
        if stated.size > self.size:
            return False
        try:
            root = merkle.root(stated.size, self.env["consent.log.tile"]._reader())
        except merkle.ProofError:  # hashes were removed
            return False
        return root == stated.root

    @api.model
    def _as_signed(self, text):
        """:return: a pasted text without what pasting adds to it"""
        return text.replace("\r\n", "\n").strip() + "\n"

    @api.model
    def _declare_restored(self, stated, reason):
        """Say in the log itself, for good, that it does not hold what was signed once.

        :param stated: the ``checkpoint.Checkpoint`` that it does not hold
        :param str reason: in a few words; everybody may read it
        :raise AccessError: for anybody but a privacy officer
        :raise UserError: when it holds it, or no key signs
        """
        self.env["consent.event"]._check_officer()
        if problem := self._blocker():
            raise UserError(problem)
        log = self._get()
        if not log.try_lock_for_update():
            raise UserError(
                self.env._("The evidence is being sealed. Try again later.")
            )
        declared = log._restore_of(stated, reason)
        leaves = self.env["consent.log.leaf"]._append_statement(log, declared.text)
        size = self.env["consent.log.tile"]._grow(log.size, leaves)
        log._note({"size": size, "failure": False})
        if log.lost_note and self._is_covered(self._parsed(log.lost_note)):
            log._note({"lost_note": False})
        if not log.lost_note:
            self.action_seal()

    def _restore_of(self, stated, reason):
        present = self._checkpoint()
        said = " ".join(reason.split())[:MOST_WORDS]
        return restore.Restore(
            *(present.size, present.root),
            *(stated.size, stated.root),
            *(self.env.uid, said),
        )

    # ------------------------------------------------------------------
    # Finding out that something is lost
    # ------------------------------------------------------------------

    def _register_hook(self):
        """A server begins: what it begins with may be a backup. Each of its processes
        comes here; the first one asks for it."""
        super()._register_hook()
        name = "privacy_guard.ir_cron_log_compare"
        # not there while the add-on is older than its code
        cron = self.env.ref(name, raise_if_not_found=False)
        if self.env.registry.ready or not cron:
            return
        # superuser: as of any scheduled action
        pending = self.env["ir.cron.trigger"].sudo()
        if not pending.search_count([("cron_id", "=", cron.id)], limit=1):
            cron.sudo()._trigger()

    @api.model
    def _look_outside(self):
        """Ask witnesses what they have seen, so that a restored backup is found as soon
        as a server begins with it, and not at the next sealing."""
        if self._find() and not self._blocker():
            retrying(self.env["consent.witness"]._find_lost, self.env)

    # ------------------------------------------------------------------
    # What is known to be lost
    # ------------------------------------------------------------------

    @api.model
    def _declared(self, stated):
        """:param stated: a ``checkpoint.Checkpoint`` that the log does not hold
        :return: the place in the log where that is declared, as superuser; or empty"""
        lost = restore.lost(stated.size, stated.root)
        domain = [("statement", "like", f", {lost},")]
        # superuser: what the log says of itself is meant for everybody
        return self.env["consent.log.leaf"].sudo().search(domain, limit=1)

    @api.model
    def _note_lost(self, stated, text):
        """Remember that the log does not hold what was signed once: nothing further is
        signed until an officer declares it.

        :param stated: the ``checkpoint.Checkpoint``
        :param str text: the same, signed
        """
        if self._is_covered(stated):
            return
        log = self._get()
        if not log.lost_note or self._parsed(log.lost_note).size <= stated.size:
            log._note({"lost_note": self._as_signed(text), "is_due": True})
            log._fail(self._lost_reason(stated))

    @api.model
    def _is_covered(self, stated):
        """:return: whether it is declared to be lost, or is smaller than one that is:
        what the log has signed between the backup and then went with it"""
        # superuser: as above
        leaves = self.env["consent.log.leaf"].sudo()
        said = leaves.search([("statement", "!=", False)]).mapped("statement")
        declared = map(restore.Restore.parse, said)
        within = any(one.size < stated.size <= one.lost_size for one in declared)
        return within or bool(self._declared(stated))

    @api.model
    def _fork_reason(self):
        """:return: why nothing is sealed after a restore, False if nothing is known"""
        log = self._find()
        stated = log.lost_note and self._parsed(log.lost_note)
        return bool(stated) and not log._holds(stated) and self._lost_reason(stated)

    @api.model
    def action_declare_restore(self):
        """Compare the checkpoint that is known to be lost, to declare a restore.

        :return: action that shows the dialogue
        :raise AccessError: for anybody but a privacy officer
        """
        self.env["consent.event"]._check_officer()
        if not self._fork_reason():
            actions = self.env["ir.actions.act_window"]
            return actions._for_xml_id("privacy_guard.consent_log_compare_action")
        compare = self.env["consent.log.compare"]
        return compare.create({"note": self._find().lost_note}).action_compare()

    @api.model
    def _lost_reason(self, stated):
        return self.env._(
            "A checkpoint of %s events was signed that this database does not hold: it "
            "was restored from a backup, or the evidence was tampered with. An officer "
            "declares a restore under Evidence > Checkpoints > Compare with a "
            "checkpoint.",
            stated.size,
        )

    @api.model
    def _parsed(self, text):
        return self.env["consent.log.checkpoint"]._parsed(text)
