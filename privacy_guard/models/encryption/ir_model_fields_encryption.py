from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from psycopg2.errors import LockNotAvailable

DEFAULT_LIMIT = 5


class IrModelFields(models.Model):
    """Encryption of a field at rest (FLD-3): turning it on and off.

    Turning on or off changes how the field is read and written at once; the values that
    are there already follow in the background, and both kinds are readable meanwhile.
    """

    _inherit = "ir.model.fields"

    privacy_encryption = fields.Selection(
        [
            ("off", "Not encrypted"),
            ("encrypting", "Being encrypted"),
            ("on", "Encrypted"),
            ("decrypting", "Being decrypted"),
        ],
        "Encryption",
        readonly=True,
        copy=False,
    )
    privacy_visible_chars = fields.Integer(
        "Visible characters", readonly=True, copy=False
    )
    # values of the first format, bound to no record, are refused
    privacy_bound = fields.Boolean("Bound to records", readonly=True, copy=False)
    # of all companies: the progress is all that is shown of them
    privacy_total = fields.Integer(
        "Values to convert", readonly=True, copy=False, groups=fields.NO_ACCESS
    )
    privacy_done = fields.Integer(
        "Values converted", readonly=True, copy=False, groups=fields.NO_ACCESS
    )
    privacy_position = fields.Integer(
        "Last ID converted", readonly=True, copy=False, groups=fields.NO_ACCESS
    )
    privacy_failure = fields.Char("Not converted because", readonly=True, copy=False)
    privacy_encrypted_with_id = fields.Many2one(
        "ir.model.fields",
        "Encrypted along with",
        readonly=True,
        copy=False,
        ondelete="cascade",
        index="btree_not_null",
    )
    privacy_progress = fields.Integer(
        compute="_compute_privacy_progress", compute_sudo=True
    )

    @api.depends("privacy_encryption", "privacy_total", "privacy_done")
    def _compute_privacy_progress(self):
        for field in self:
            busy = field.privacy_encryption in ("encrypting", "decrypting")
            total = field.privacy_total or 1
            field.privacy_progress = (
                min(100 * field.privacy_done // total, 99) if busy else 100
            )

    def _privacy_encrypt(self, visible_chars):
        """Encrypt a field of all its records, now and from now on (FLD-3).

        :param int visible_chars: how many characters at the end everybody sees
        :raise AccessError: for anybody but a privacy officer who is in all companies
        :raise UserError: when the field cannot be encrypted, too many fields are, or
            there is no key
        """
        self.ensure_one()
        self._privacy_check_decider()
        if reason := self._privacy_encryption_blocker():
            raise UserError(
                self.env._(
                    "%(field)s cannot be encrypted: %(reason)s",
                    field=self.field_description,
                    reason=reason,
                )
            )
        self._privacy_check_encryption_limit()
        self._privacy_check_keyring()
        if visible_chars < 0:
            raise UserError(self.env._("Choose 0 or more visible characters."))
        # encrypted implies sensitive (FLD-3)
        self._privacy_flag({"privacy_sensitive": True})
        self._privacy_restrict_templates()
        (self | self._privacy_companions())._privacy_begin_encrypting(
            visible_chars, self
        )
        self._privacy_after_switch("encrypt")

    def _privacy_begin_encrypting(self, visible_chars, main):
        """:param main: the field that the others of these are encrypted along with"""
        for field in self:
            field._privacy_lock_or_refuse()
            field._privacy_set_encryption("encrypting", visible_chars, main)
            field._privacy_refuse_text()
            field._privacy_add_index()

    def _privacy_decrypt(self):
        """Store a field as text again.

        :raise AccessError: for anybody but a privacy officer who is in all companies
        :raise UserError: when the field is not encrypted, or there is no key
        """
        self.ensure_one()
        self._privacy_check_decider()
        if self.privacy_encryption not in ("on", "encrypting"):
            raise UserError(
                self.env._("%(field)s is not encrypted.", field=self.field_description)
            )
        self._privacy_check_keyring()
        for field in self | self._privacy_companions():
            field._privacy_lock_or_refuse()
            visible_chars = self.privacy_visible_chars
            field._privacy_set_encryption("decrypting", visible_chars, self)
            field._privacy_refuse_ciphertext()
        self._privacy_after_switch("decrypt")

    @api.model
    def _privacy_check_keyring(self):
        if problem := self.env["consent.sealed.value"]._key_problem():
            raise UserError(problem)

    def _privacy_lock_or_refuse(self):
        try:
            self._privacy_lock_table()
        except LockNotAvailable as error:
            raise UserError(
                self.env._(
                    "Somebody is working with these records in one long operation, "
                    "such as an import. Try again when it has ended."
                )
            ) from error

    @api.model
    def _privacy_restrict_templates(self):
        """Expressions in mail templates are code: they can switch masks off. Unless
        this setting is on, every internal user may write them."""
        # superuser: a setting of the system, and the officer's right was checked
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("mail.restrict.template.rendering", True)

    def _privacy_check_encryption_limit(self):
        """FLD-6; 0 means unlimited."""
        limit = self._privacy_limit_encrypted()
        encrypted = Domain(
            [
                ("model", "=", self.model),
                ("privacy_encryption", "in", ["encrypting", "on"]),
                ("privacy_encrypted_with_id", "=", False),
            ]
        )
        if limit and self.sudo().search_count(encrypted) >= limit:
            raise UserError(
                self.env._(
                    "At most %(limit)s fields of a kind of record may be encrypted. "
                    "Settings > Privacy > Limits raises it.",
                    limit=limit,
                )
            )

    @api.model
    def _privacy_limit_encrypted(self):
        """:return: how many fields of a model may be encrypted (FLD-6), 0: any"""
        number = self.env["consent.run"]._number
        return int(number("limit_encrypted_fields", DEFAULT_LIMIT))

    def _privacy_set_encryption(self, state, visible_chars, main=None):
        """By SQL: core's ``write`` is for fields made in the field editor, and would
        not let others be written at all.

        :param main: the field that this one is a companion of
        """
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """
                UPDATE ir_model_fields
                   SET privacy_encryption = %(state)s,
                       privacy_visible_chars = %(visible)s,
                       privacy_encrypted_with_id = %(with_id)s,
                       privacy_position = 0, privacy_done = 0,
                       privacy_failure = NULL,
                       privacy_bound = CASE %(state)s WHEN 'encrypting' THEN TRUE
                                       WHEN 'off' THEN NULL ELSE privacy_bound END,
                       privacy_total = (SELECT count(*) FROM %(table)s
                                         WHERE %(column)s <> '')
                 WHERE id = %(id)s RETURNING id
                """,
                state=state,
                visible=visible_chars,
                with_id=main.id if main and main != self else None,
                table=SQL.identifier(self._privacy_table()),
                column=SQL.identifier(self.name),
                id=self.id,
            )
        )
        self.invalidate_recordset(flush=False)

    def _privacy_after_switch(self, action):
        """Read and write it the new way in all processes, and convert what is there."""
        self._privacy_reload()
        self.env["privacy.access.log"]._log(action, self.model, [(0, self.name)])
        # superuser: who turns encryption on or off has been checked
        self.env.ref("privacy_guard.ir_cron_field_encryption").sudo()._trigger()

    def _privacy_reload(self):
        """Set the models up anew, here and, once this is committed, everywhere."""
        self.env.flush_all()
        self.pool._setup_models__(self.env.cr)
        self._privacy_signal()

    def _privacy_table(self):
        return self.env[self.model]._table
