from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...tools.tlog import merkle, note, proof, restore


class ConsentWitnessedLog(models.Model):
    """A log that was restored from a backup: a witness does not roll back by itself. An
    administrator sees the declaration and accepts it (EVI-2)."""

    _inherit = "consent.witnessed.log"

    def _read_declaration(self, text):
        """:param str text: the proof of what the log says of itself
        :return: the ``restore.Restore``
        :raise UserError: it is none, or of another tree than the one cosigned here
        """
        try:
            found = proof.Proof.parse(text.replace("\r\n", "\n").strip() + "\n")
            found.check(found.extra or b"", self._verifiers_of(self.origin))
            declared = restore.Restore.proven(found)
        except (merkle.ProofError, UnicodeDecodeError) as error:
            raise UserError(
                self.env._("This is no declaration of this log: %s", error)
            ) from error
        present = (int(self.size), note.decode(self.root))
        if (declared.lost_size, declared.lost_root) != present:
            raise UserError(
                self.env._(
                    "The declaration is about a checkpoint of %(lost)s events, and "
                    "%(present)s were cosigned here, or it is another one.",
                    lost=declared.lost_size,
                    present=self.size,
                )
            )
        return declared

    def _accept(self, text):
        """Go on with the log from the restore that it declares. What was cosigned
        before stays, archived.

        :raise AccessError: for who may not change the settings
        :raise UserError: as :meth:`_read_declaration`
        """
        self._check_settings_right()
        row = self.sudo()  # superuser: the right was checked
        if not row.active or not row.try_lock_for_update():
            raise UserError(self.env._("The log has just gone on. Open it again."))
        declared = row._read_declaration(text)
        row._set({"active": False})
        row.flush_recordset()  # one row of a log is in use
        row._make(
            [
                {
                    "origin": row.origin,
                    "size": str(declared.size),
                    "root": note.encode(declared.root),
                    "declaration": declared.text,
                    "accepted_by": self.env.uid,
                }
            ]
        )
        self.env["privacy.setting.log"]._log(
            {row.origin: (row.note, declared.text)}, declared.reason
        )

    @api.model
    def _check_settings_right(self):
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only who may change the settings accepts a restore.")
            )
