from odoo import api, models
from odoo.exceptions import UserError

from ...tools.tlog import checkpoint, merkle
from ...tools.tlog.note import encode


class PrivacyLog(models.Model):
    """Comparing the log with a checkpoint that somebody has kept: a database that was
    restored from a backup goes on with another history than the one that was signed,
    and has to say so (EVI-2)."""

    _inherit = "consent.log"

    @api.model
    def _compare(self, text):
        """:param str text: a checkpoint, as it was sent or published
        :return: the ``checkpoint.Checkpoint``, and whether the log holds what it covers
        :raise UserError: when it is none of this log
        """
        log = self._find()
        try:
            stated = checkpoint.open_checkpoint(
                text.replace("\r\n", "\n").strip() + "\n", self._verifiers()
            )
        except merkle.ProofError as error:
            raise UserError(
                self.env._("This is no checkpoint of this log: %s", error)
            ) from error
        if stated.size > log.size:
            return stated, False
        root = merkle.root(stated.size, self.env["consent.log.tile"]._reader())
        return stated, root == stated.root

    @api.model
    def _declare_restored(self, stated):
        """Say in the log itself, for good, that it does not hold what was signed once.

        :param stated: the ``checkpoint.Checkpoint`` that it does not hold
        :raise AccessError: for anybody but a privacy officer
        :raise UserError: when it holds it, or no key signs
        """
        self.env["consent.event"]._check_officer()
        if reason := self._blocker():
            raise UserError(reason)
        log = self._get()
        if not log.try_lock_for_update():
            raise UserError(
                self.env._("The evidence is being sealed. Try again later.")
            )
        leaves = self.env["consent.log.leaf"]._append_statement(
            log, log._restored_text(stated)
        )
        log._note({"size": self.env["consent.log.tile"]._grow(log.size, leaves)})
        self.action_seal()

    def _restored_text(self, stated):
        present = self._checkpoint()
        return (
            f"restored from size {present.size}, root {encode(present.root)}, "
            f"instead of size {stated.size}, root {encode(stated.root)}, "
            f"declared by user {self.env.uid}"
        )
