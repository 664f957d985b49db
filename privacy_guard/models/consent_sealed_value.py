import json
import logging
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import cipher, keyring
from .field_encrypted import PREFIX, EncryptedField, cipher_of

_logger = logging.getLogger(__name__)

# Column types between which a value can be cast without loss or error.
COMPATIBLE = {"varchar": "text", "float8": "numeric"}
# in place of the type: a value that could not be decrypted when it was sealed
ENCRYPTED = "encrypted"


class ConsentSealedValue(models.Model):
    """A value that is withheld: it left its contact until the person answers.

    A row is there exactly as long as the value is nowhere else: it is written and
    deleted in the transaction that empties or fills the column of the contact.

    What is sealed lies in a column that is no field, as the keys of
    ``res.users.apikeys`` do: nothing that the ORM offers to anybody, the superuser
    included, can read, search, group or export it.
    """

    _name = "consent.sealed.value"
    _description = "Withheld value"
    _inherit = "consent.frozen.mixin"
    _order = "id"
    _log_access = False
    _rec_name = "purpose_id"

    purpose_id = fields.Many2one(
        "consent.purpose", "Consent", required=True, readonly=True, ondelete="restrict"
    )
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record ID", model_field="res_model", required=True, readonly=True
    )
    date = fields.Datetime("Withheld on", required=True, readonly=True)
    destroy_on = fields.Date("Destroyed on", readonly=True, help="Empty: never.")

    _subject_purpose_uniq = models.Constraint(
        "UNIQUE (res_model, res_id, purpose_id)",
        "A person has one withheld value per consent.",
    )

    def init(self):
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %s ADD COLUMN IF NOT EXISTS sealed text NOT NULL",
                SQL.identifier(self._table),
            )
        )

    # ------------------------------------------------------------------
    # Settings
    # ------------------------------------------------------------------

    @api.model
    def _is_wanted(self):
        """:return: whether values are sealed, instead of being erased at once"""
        # sudo: a setting that says nothing secret
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param("privacy_guard.withhold", "seal") != "erase"

    @api.model
    def _obstacle(self):
        """:return: why no value can be withheld at present, "" if it can"""
        problem = self._is_wanted() and self._key_problem()
        if not problem:
            return ""
        return self.env._(
            "Values cannot be withheld without a key. %(problem)s Or choose in "
            "Settings > Privacy that they are erased at once.",
            problem=problem,
        )

    @api.model
    def _key_problem(self):
        """:return: what is wrong with the key file and what to do, "" if nothing is"""
        try:
            keyring.load()
        except keyring.KeyringError as error:
            return str(error)
        return ""

    @api.model
    def _days(self):
        """:return: after how many days without an answer values are destroyed, 0 for
        never"""
        return int(self.env["consent.run"]._number("withhold_days", 30))

    @api.model
    def _destroy_date(self):
        """:return: when values that are withheld now are destroyed, None for never"""
        days = self._days()
        return fields.Date.today() + timedelta(days=days) if days else None

    # ------------------------------------------------------------------
    # Sealing and opening
    # ------------------------------------------------------------------

    @api.model
    def _ring(self):
        """:return: the keys to seal with
        :raise UserError: there are none; who meets it need not be the one who may know
            where the key file is"""
        try:
            return keyring.load()
        except keyring.KeyringError as error:
            _logger.error("Nothing can be withheld: %s", error)
            raise UserError(
                self.env._(
                    "A value would have to be withheld, and the key file cannot be "
                    "used: nothing was changed. The server's log says what is wrong."
                )
            ) from error

    @api.model
    def _seal(self, purpose, field, values):
        """Keep the values of a column; one that was kept before is older, and goes.

        :param purpose: the data consent
        :param field: field of the subjects that it is about
        :param dict values: {subject id: text of the column}, not empty
        :raise UserError: there is no usable key; nothing has happened then
        """
        ring = self._ring()
        payloads = self._payloads(ring, field, values)
        sealed = [
            cipher.seal(ring, self._context(field.model_name, field.name, id_), data)
            for id_, data in payloads.items()
        ]
        self.env.execute_query(
            SQL(
                """
                INSERT INTO consent_sealed_value
                            (purpose_id, res_model, res_id, date, destroy_on, sealed)
                     SELECT %s, %s, value.res_id, %s, %s, value.sealed
                       FROM unnest(%s::int[], %s::text[]) AS value (res_id, sealed)
                ON CONFLICT (res_model, res_id, purpose_id) DO UPDATE
                        SET (date, destroy_on, sealed) =
                            (EXCLUDED.date, EXCLUDED.destroy_on, EXCLUDED.sealed)
                  RETURNING id
                """,
                purpose.id,
                field.model_name,
                fields.Datetime.now(),
                self._destroy_date(),
                list(payloads),
                sealed,
            )
        )
        self._invalidate(field.model_name)

    @api.model
    def _open(self, purpose, field, ids):
        """Open what is withheld of these subjects, and lock it.

        What cannot be opened now stays, is logged, and is tried again daily.

        :param list ids: of the subjects
        :return: {subject id: text for the column}
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT res_id, sealed FROM consent_sealed_value
                 WHERE purpose_id = %s AND res_model = %s AND res_id = ANY(%s)
                 ORDER BY id FOR UPDATE
                """,
                purpose.id,
                field.model_name,
                list(ids),
            )
        )
        if not rows:
            return {}
        opened, problems = {}, defaultdict(list)
        try:
            ring = keyring.load()
        except keyring.KeyringError as error:
            ring, problems[str(error)] = None, [res_id for res_id, _sealed in rows]
        for res_id, sealed in rows if ring else ():
            try:
                opened[res_id] = self._unseal(ring, field, res_id, sealed)
            except (keyring.KeyringError, cipher.CipherError) as error:
                problems[str(error)].append(res_id)
        for problem, failed in problems.items():
            _logger.error("Values of %s stay withheld (%s): %s", field, failed, problem)
        return opened

    @api.model
    def _unseal(self, ring, field, res_id, sealed):
        """:return: the text that goes back into the column"""
        context = self._context(field.model_name, field.name, res_id)
        kind, text = json.loads(cipher.unseal(ring, context, sealed))
        if kind == ENCRYPTED:
            return cipher_of(ring, field.model_name, field.name).decrypt(text)
        present = field.column_type[0]
        if COMPATIBLE.get(kind, kind) != COMPATIBLE.get(present, present):
            raise cipher.CipherError(f"The column was {kind}, and is {present} now.")
        return text

    @api.model
    def _context(self, model_name, field_name, res_id):
        """What a sealed value is bound to: it opens nowhere else."""
        return f"{model_name},{field_name},{res_id}"

    @api.model
    def _payloads(self, ring, field, values):
        """An encrypted value is sealed as the text it stands for: until it comes back,
        its key may be exchanged, or encryption be turned off.

        :param dict values: {subject id: text of the column}
        :return: {subject id: what is sealed}
        """
        kind, kinds, plain = field.column_type[0], {}, dict(values)
        if isinstance(field, EncryptedField):
            decrypt = cipher_of(ring, field.model_name, field.name).decrypt
            for res_id, text in values.items():
                if text.startswith(PREFIX):
                    try:
                        plain[res_id] = decrypt(text)
                    except (keyring.KeyringError, cipher.CipherError):
                        kinds[res_id] = ENCRYPTED  # perhaps it can be read later
        return {
            res_id: json.dumps([kinds.get(res_id, kind), text]).encode()
            for res_id, text in plain.items()
        }

    # ------------------------------------------------------------------
    # Looking and destroying
    # ------------------------------------------------------------------

    @api.model
    def _withheld_fields(self, subjects):
        """:return: {subject id: {field name: date of destruction or None}}"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sealed.res_id, field.name, sealed.destroy_on
                  FROM consent_sealed_value sealed
                  JOIN consent_purpose purpose ON purpose.id = sealed.purpose_id
                  JOIN ir_model_fields field ON field.id = purpose.field_id
                 WHERE sealed.res_model = %s AND sealed.res_id = ANY(%s)
                """,
                subjects._name,
                subjects.ids,
            )
        )
        withheld = defaultdict(dict)
        for res_id, name, destroy_on in rows:
            withheld[res_id][name] = destroy_on
        return withheld

    @api.model
    def _destroy(self, model_name, ids, field_name=None):
        """Destroy what is withheld of these subjects.

        :param str field_name: of this field only
        :return: ids of the subjects of whom something was withheld
        """
        of_field = SQL(
            """
            purpose_id IN (SELECT purpose.id FROM consent_purpose purpose
                             JOIN ir_model_fields field ON field.id = purpose.field_id
                            WHERE field.model = %s AND field.name = %s)
            """,
            model_name,
            field_name,
        )
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM consent_sealed_value
                      WHERE res_model = %s AND res_id = ANY(%s) AND %s
                  RETURNING res_id
                """,
                model_name,
                list(ids),
                of_field if field_name else SQL("TRUE"),
            )
        )
        if rows:
            self._invalidate(model_name)
        return sorted({res_id for (res_id,) in rows})

    @api.model
    def _invalidate(self, model_name):
        """What was written by SQL may not be read from the cache."""
        self.invalidate_model(flush=False)
        self.env[model_name].invalidate_model(["privacy_lock_hint"], flush=False)
