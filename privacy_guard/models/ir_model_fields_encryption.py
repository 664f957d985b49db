from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import keyring
from .consent_purpose_fields import IDENTIFYING, TECHNICAL
from .field_encrypted import CIPHERTEXT
from .ir_model_fields_registry import NO_PERSONS

OFFICER = "privacy_guard.group_privacy_officer"


class IrModelFields(models.Model):
    """Encryption of a field at rest (FLD-3): whether it can be, turning it on and off.

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
    )
    privacy_visible_chars = fields.Integer("Visible characters", readonly=True)
    privacy_total = fields.Integer("Values to convert", readonly=True)
    privacy_done = fields.Integer("Values converted", readonly=True)
    privacy_position = fields.Integer("Last ID converted", readonly=True)
    privacy_encrypted_with_id = fields.Many2one(
        "ir.model.fields",
        "Encrypted along with",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    privacy_progress = fields.Integer(compute="_compute_privacy_progress")

    @api.depends("privacy_encryption", "privacy_total", "privacy_done")
    def _compute_privacy_progress(self):
        for field in self:
            busy = field.privacy_encryption in ("encrypting", "decrypting")
            total = field.privacy_total or 1
            field.privacy_progress = (
                min(100 * field.privacy_done // total, 99) if busy else 100
            )

    # ------------------------------------------------------------------
    # On and off
    # ------------------------------------------------------------------

    def _privacy_encrypt(self, visible_chars):
        """Encrypt a field of all its records, now and from now on (FLD-3).

        :param int visible_chars: how many characters at the end everybody sees
        :raise AccessError: for anybody but a privacy officer
        :raise UserError: when the field cannot be encrypted, too many fields are, or
            there is no key
        """
        self.ensure_one()
        self._privacy_check_officer()
        if reason := self._privacy_encryption_obstacle():
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
        for field in self | self._privacy_companions():
            field._privacy_set_encryption("encrypting", visible_chars, self)
            field._privacy_guard_column(
                "plain text", "encrypted text", refuse_text=True
            )
            field._privacy_add_index()
        self._privacy_after_switch("encrypt")

    def _privacy_decrypt(self):
        """Store a field as text again.

        :raise AccessError: for anybody but a privacy officer
        :raise UserError: when the field is not encrypted, or there is no key
        """
        self.ensure_one()
        self._privacy_check_officer()
        if self.privacy_encryption not in ("on", "encrypting"):
            raise UserError(
                self.env._("%(field)s is not encrypted.", field=self.field_description)
            )
        self._privacy_check_keyring()
        for field in self | self._privacy_companions():
            visible_chars = self.privacy_visible_chars
            field._privacy_set_encryption("decrypting", visible_chars, self)
            field._privacy_guard_column(
                "encrypted text", "plain text", refuse_text=False
            )
        self._privacy_after_switch("decrypt")

    def _privacy_check_officer(self):
        if not (self.env.su or self.env.user.has_group(OFFICER)):
            raise AccessError(self.env._("Only a privacy officer can do this."))

    @api.model
    def _privacy_check_keyring(self):
        try:
            keyring.load()
        except keyring.KeyringError as error:
            raise UserError(str(error)) from error

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
        return 5

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
        self.env["privacy.access.log"]._log(action, self.model, [0], [self.name])
        # sudo: converting is the system's, who turns encryption on has been checked
        self.env.ref("privacy_guard.ir_cron_field_encryption").sudo()._trigger()

    def _privacy_reload(self):
        """Set the models up anew, here and, once this is committed, everywhere."""
        self.env.flush_all()
        self.pool._setup_models__(self.env.cr)

    def _privacy_table(self):
        return self.env[self.model]._table

    # ------------------------------------------------------------------
    # Whether
    # ------------------------------------------------------------------

    def _privacy_encryption_obstacle(self):
        """:return: why the field cannot be encrypted, "" if it can be"""
        self.ensure_one()
        field = self.env[self.model]._fields.get(self.name)
        if self.model not in self.env["consent.record"]._subject_models():
            return self.env._("it is not a field of people whose data we keep.")
        if field is None or field.type not in ("char", "text") or not field.store:
            return self.env._("only stored text can be encrypted.")
        if self.privacy_encryption not in (False, "off"):
            return self.env._("it is encrypted already.")
        if self.name in IDENTIFYING | TECHNICAL:
            return self.env._("Odoo needs it to handle the contact.")
        if field.compute or field.related:
            return self.env._("it is computed from other fields.")
        if field.translate or field.company_dependent:
            return self.env._("it has several values, one per language or company.")
        if field.type == "char" and field.size:
            return self.env._("its length is limited.")
        return self._privacy_use_obstacle(field)

    def _privacy_use_obstacle(self, field):
        """:return: why other uses of the field forbid it, "" if none does"""
        if self.name in (self.env[self.model]._order or ""):
            return self.env._("contacts are sorted by it.")
        if self._privacy_is_unique():
            return self.env._("the database keeps its values unique.")
        if copies := self._privacy_leaking_dependents(field):
            return self.env._(
                "these fields are computed from it and would show or store it: "
                "%(fields)s",
                fields=", ".join(sorted(map(str, copies))),
            )
        if rules := self._privacy_using_rules():
            return self.env._(
                "access rules use it: %(rules)s", rules=", ".join(rules.mapped("name"))
            )
        return ""

    def _privacy_leaking_dependents(self, field):
        """:return: fields that would keep the value as text, or compute text from it as
        superuser for everybody; plain related fields that are not stored show the mask,
        and companions are encrypted too"""
        known = self._privacy_known_companions()
        return [
            dependent
            for dependent in self.pool.get_dependent_fields(field)
            if dependent.model_name not in NO_PERSONS
            and dependent != field
            and (dependent.model_name, dependent.name) not in known
            and (
                dependent.store
                or dependent.compute_sudo
                and not dependent.related
                and dependent.type in ("char", "text", "html")
            )
        ]

    @api.model
    def _privacy_known_companions(self):
        """Stored text that other add-ons compute from a field, and that works when it
        is encrypted along with it: everything that searches it does so by exact value.

        The hook for add-ons that have made sure of it.

        :return: set of (model name, field name)
        """
        return frozenset()

    def _privacy_companions(self):
        """:return: the fields that are encrypted along with this one"""
        field = self.env[self.model]._fields[self.name]
        known = self._privacy_known_companions()
        found = {
            (dependent.model_name, dependent.name)
            for dependent in self.pool.get_dependent_fields(field)
        }
        companions = self.browse()
        for model, name in sorted(found & known):
            companions |= self._get(model, name)
        return companions

    def _privacy_is_unique(self):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT 1
                  FROM pg_index index
                  JOIN pg_attribute attribute
                    ON attribute.attrelid = index.indrelid
                   AND attribute.attnum = ANY(index.indkey)
                 WHERE index.indisunique
                   AND index.indrelid = %s::regclass
                   AND attribute.attname = %s
                """,
                self._privacy_table(),
                self.name,
            )
        )
        return bool(rows)

    def _privacy_using_rules(self):
        # sudo: rules are the administrator's to read; here only who uses the field
        rules = self.env["ir.rule"].sudo().with_context(active_test=False)
        mentioned = Domain("domain_force", "like", self.name)
        return rules.search(mentioned & Domain("model_id.model", "=", self.model))

    # ------------------------------------------------------------------
    # In the database
    # ------------------------------------------------------------------

    def init(self):
        """What keeps a column free of text, whoever writes: raw SQL and processes that
        have not noticed yet included."""
        result = super().init()
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION privacy_guard_refuse_value() RETURNS trigger
            LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '%: % refused, % is expected. Try again.',
                                TG_TABLE_NAME, TG_ARGV[0], TG_ARGV[1];
            END $$
            """
        )
        return result

    def _privacy_guard_column(self, refused, expected, *, refuse_text):
        """Refuse one of the two kinds of values in the database itself.

        :param str refused: what the error calls it
        :param str expected: and what it says is expected
        :param bool refuse_text: whether it is text that is refused, or ciphertext
        """
        self._privacy_unguard_column()
        self.env.cr.execute(
            SQL(
                """
                CREATE TRIGGER %(trigger)s BEFORE INSERT OR UPDATE OF %(column)s
                    ON %(table)s FOR EACH ROW
                  WHEN (NEW.%(column)s <> '' AND
                        NEW.%(column)s %(operator)s %(ciphertext)s)
               EXECUTE FUNCTION privacy_guard_refuse_value(%(refused)s, %(expected)s)
                """,
                trigger=SQL.identifier(self._privacy_trigger()),
                column=SQL.identifier(self.name),
                table=SQL.identifier(self._privacy_table()),
                operator=SQL("NOT LIKE" if refuse_text else "LIKE"),
                ciphertext=CIPHERTEXT,
                refused=f"{self.name}: {refused}",
                expected=expected,
            )
        )

    def _privacy_unguard_column(self):
        self.env.cr.execute(
            SQL(
                "DROP TRIGGER IF EXISTS %s ON %s",
                SQL.identifier(self._privacy_trigger()),
                SQL.identifier(self._privacy_table()),
            )
        )

    def _privacy_trigger(self):
        return f"privacy_guard_{self.name}"[:63]

    def _privacy_add_index(self):
        """Exact search goes through the blind index within the ciphertext. Plain text is
        left out: parts of it would lie in the index."""
        self.env.cr.execute(
            SQL(
                """
                CREATE INDEX IF NOT EXISTS %(index)s
                    ON %(table)s (split_part(%(column)s, ':', 3))
                 WHERE %(column)s LIKE %(ciphertext)s
                """,
                index=SQL.identifier(self._privacy_index()),
                table=SQL.identifier(self._privacy_table()),
                column=SQL.identifier(self.name),
                ciphertext=CIPHERTEXT,
            )
        )

    def _privacy_index(self):
        return f"{self._privacy_table()}_{self.name}_blind_idx"[:63]
