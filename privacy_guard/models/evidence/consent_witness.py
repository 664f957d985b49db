import logging
import time
from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import outside
from ...tools.tlog import merkle, note, witness

_logger = logging.getLogger(__name__)

WITNESSES = "privacy_guard.log_witnesses"
MOST_BYTES_OF_ANSWER = 1 << 14  # some signatures, or a size


class ConsentWitness(models.Model):
    """Who cosigns the checkpoints of this log (EVI-2), as C2SP tlog-witness has it: the
    witness remembers what it has seen, and cosigns nothing that does not go on from
    there. After each sealing all that the settings name are asked, each by itself.

    A row holds what became of it. Where a witness is, and its keys, are for the
    settings to say, at whatever moment it is asked.
    """

    _name = "consent.witness"
    _description = "Witness"
    _inherit = ["consent.frozen.mixin", "privacy.job.mixin"]
    _log_access = False
    _order = "name"
    _job_cron = "privacy_guard.ir_cron_witnesses"
    # one row for each, which is due again and again
    _job_begun = "worked_at"

    name = fields.Char("Witness", required=True, readonly=True)
    is_due = fields.Boolean("To be asked", readonly=True)
    size = fields.Integer("Events cosigned", readonly=True, aggregator=None)
    cosigned_at = fields.Datetime("Cosigned on", readonly=True)
    # a checkpoint that we have signed, and that this log does not hold
    held_note = fields.Text("Checkpoint that is not here", readonly=True)

    _name_uniq = models.UniqueIndex("(name)", "A witness is listed once.")

    # ------------------------------------------------------------------
    # Which there are
    # ------------------------------------------------------------------

    @api.model
    def _contacts(self):
        """:return: {name: ``witness.Contact``} of the settings; what is none is left
        out, which the settings refuse"""
        # superuser: which witnesses there are, whoever seals
        text = self.env["ir.config_parameter"].sudo().get_param(WITNESSES) or ""
        try:
            contacts = witness.read_contacts(text)
        except merkle.ProofError as error:
            _logger.error("No witness is asked, as the settings name none: %s", error)
            return {}
        return {
            name: contact
            for name, contact in contacts.items()
            if outside.is_address(contact.url)
        }

    @api.model
    def _ask_all(self):
        """Have all witnesses asked to cosign the newest checkpoint."""
        names = self._contacts().keys()
        # superuser: the job is the company's, whoever seals
        known = self.sudo().search(Domain.TRUE)
        known.filtered(lambda row: row.name not in names)._note({"failure": False})
        new = names - set(known.mapped("name"))
        known += self._make([{"name": name} for name in sorted(new)]).sudo()
        asked = known.filtered(lambda row: row.name in names)
        if asked:
            asked._note({"is_due": True})
            self._cron()._trigger()

    @api.model
    def _unfinished_domain(self):
        names = list(self._contacts())
        return Domain("is_due", "=", True) & Domain("name", "in", names)

    def _retry_items(self):
        self._note({"is_due": True})

    # ------------------------------------------------------------------
    # Asking one
    # ------------------------------------------------------------------

    def _do_batch(self):
        if reason := self.env["consent.log"]._blocker():
            raise UserError(reason)
        newest = self.env["consent.log.checkpoint"]._last()
        if newest and not newest._is_cosigned_by(self):
            self._ask(self._contacts()[self.name], newest)
        self._note({"is_due": False})
        return 1

    def _ask(self, contact, newest):
        """Have a checkpoint cosigned, going on from what the witness has seen."""
        status, content = self._post(contact, newest, min(self.size, newest.size))
        if status == 409:
            size = self._understood(witness.read_size, content)
            if size > newest.size:
                return self._find_fork(contact)
            status, content = self._post(contact, newest, size)
        if status == 422:
            return self._find_fork(contact)
        if status != 200:
            raise UserError(
                self.env._("It has not cosigned: it answers with status %s.", status)
            )
        return self._keep(contact, newest, content)

    def _post(self, contact, newest, former):
        """:return: status and answer"""
        reader = self.env["consent.log.tile"]._reader()
        path = merkle.consistency_proof(former, newest.size, reader)
        signed = note.Note.parse(newest.note)
        submission = witness.Submission(former, tuple(path), signed)
        url = f"{contact.url}/add-checkpoint"
        return self._reach(url, MOST_BYTES_OF_ANSWER, str(submission).encode())

    def _reach(self, *args):
        try:
            return outside.ask(*args)
        except outside.Unreachable as error:
            raise UserError(self.env._("It could not be reached: %s", error)) from error

    def _understood(self, read, *args):
        """:raise UserError: the answer is not what the protocol says"""
        try:
            return read(*args)
        except merkle.ProofError as error:
            raise UserError(str(error)) from error

    def _keep(self, contact, newest, content):
        signed = note.Note.parse(newest.note)
        read = (signed.text, content, contact.verifiers, int(time.time()))
        signatures = self._understood(witness.read_cosignatures, *read)
        kept = self.env["consent.cosignature"]._keep(newest, self, signatures)
        vals = {"size": newest.size, "cosigned_at": kept.date, "held_note": False}
        self._note(vals)

    # ------------------------------------------------------------------
    # What it has seen, and is not here
    # ------------------------------------------------------------------

    @api.model
    def _find_lost(self):
        """Look, before anything is signed, whether a witness holds what was signed and
        is lost. One that cannot be reached is asked again afterwards.

        :return: whether one does
        """
        # superuser: sealing is the company's, whoever asks for it
        known = {row.name: row for row in self.sudo().search(Domain.TRUE)}
        found = False
        for name, contact in self._contacts().items():
            with suppress(UserError):
                found |= known.get(name, self.sudo())._compare_with(contact)
        return found and bool(self.env["consent.log"]._fork_reason())

    def _find_fork(self, contact):
        """The witness has cosigned what this log does not hold: find out what."""
        if not self._compare_with(contact):
            raise UserError(
                self.env._(
                    "It says that it has seen another history of this log, and does "
                    "not show which."
                )
            )

    def _compare_with(self, contact):
        """
        :return: whether the witness shows a checkpoint that this log does not hold,
            though nobody but us can have signed it
        """
        log = self.env["consent.log"]
        url = f"{contact.url}/{witness.log_id(log._log_name())}/checkpoint"
        status, content = self._reach(url, note.MAX_BYTES)
        if status != 200:
            return False
        text = content.decode(errors="replace")
        stated, is_held = log._compare(text)
        if not is_held:
            self._note({"held_note": text})
            log._note_lost(stated, text)
            self._note({"failure": self._fork_reason()})
        return not is_held

    def _left_over(self):
        return self._fork_reason() or super()._left_over()

    def _fork_reason(self):
        """:return: what is to be done for it to cosign again, False if nothing is"""
        if not self.held_note:
            return False
        log = self.env["consent.log"]
        stated = log._parsed(self.held_note)
        if log._declared(stated):
            return self.env._(
                "It has cosigned %s events, which are not here. That the database was "
                "restored is declared: whoever runs the witness has to accept it. Hand "
                "them the declaration.",
                stated.size,
            )
        return log._lost_reason(stated)

    def action_compare(self):
        """Compare the checkpoint that the witness holds, to declare that the database
        was restored.

        :return: action that shows the dialogue
        """
        self.ensure_one()
        compare = self.env["consent.log.compare"].create({"note": self.held_note})
        return compare.action_compare()

    def action_declaration(self):
        """Download what whoever runs the witness needs to accept a restore.

        :raise UserError: when there is no declaration, or no checkpoint covers it yet
        """
        self.ensure_one()
        log = self.env["consent.log"]
        leaf = self.held_note and log._declared(log._parsed(self.held_note))
        if not leaf or not self.env["consent.log.checkpoint"]._prove_leaves(leaf):
            raise UserError(
                self.env._("It is not declared yet, or not sealed since. Seal now.")
            )
        url = f"/privacy/log/statement/{leaf.leaf_index}.tlog-proof"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}
