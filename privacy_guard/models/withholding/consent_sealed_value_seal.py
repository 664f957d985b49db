import json
import logging
from collections import defaultdict
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...attempts import explain
from ...fields.encrypted import PREFIXES, EncryptedField, cipher_of
from ...tools import cipher, keyring

_logger = logging.getLogger(__name__)

# Column types between which a value can be cast without loss or error.
COMPATIBLE = {"varchar": "text", "float8": "numeric"}
# in place of the type: a value that could not be decrypted when it was sealed
ENCRYPTED = "encrypted"


class ConsentSealedValue(models.Model):
    """Sealing the texts of a column, and opening them."""

    _inherit = "consent.sealed.value"

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
        sealed = {
            id_: cipher.seal(
                ring, self._context(field.model_name, field.name, id_), data
            )
            for id_, data in self._payloads(ring, field, values).items()
        }
        self._keep(purpose, field.model_name, sealed)
        self._invalidate(field.model_name)

    @api.model
    def _keep(self, purpose, model_name, sealed):
        """:param dict sealed: {subject id: what is sealed}"""
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
                model_name,
                fields.Datetime.now(),
                self._destroy_date(),
                list(sealed),
                list(sealed.values()),
            )
        )

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
        opened, problems = {}, defaultdict(list)
        unseal = self._unsealer(field) if rows else None
        for res_id, sealed in rows:
            try:
                opened[res_id] = unseal(res_id, sealed)
            except (keyring.KeyringError, cipher.CipherError) as error:
                problems[str(error)].append((res_id, error))
        for problem, failed in problems.items():
            ids, error = [res_id for res_id, _error in failed], failed[0][1]
            _logger.error("Values of %s stay withheld (%s): %s", field, ids, problem)
            reason = explain(self.env, error)
            for res_id in ids:
                self._note_item(field.model_name, res_id, reason)
        return opened

    @api.model
    def _unsealer(self, field):
        """:return: function that gives the text that goes back into the column"""
        try:
            ring = keyring.load()
        except keyring.KeyringError as problem:
            error = problem  # the name that is caught does not outlive the block

            def refuse(_res_id, _sealed):
                raise error

            return refuse
        return partial(self._unseal, ring, field)

    @api.model
    def _unseal(self, ring, field, res_id, sealed):
        """:return: the text that goes back into the column"""
        context = self._context(field.model_name, field.name, res_id)
        kind, text = json.loads(cipher.unseal(ring, context, sealed))
        if kind == ENCRYPTED:
            # whatever its format: the seal is bound to the record
            former = cipher_of(ring, field.model_name, field.name, bound=False)
            return former.decrypt(text, res_id)
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
            names, bound = (field.model_name, field.name), field.privacy_bound
            decrypt = cipher_of(ring, *names, bound=bound).decrypt
            for res_id, text in values.items():
                if text.startswith(PREFIXES):
                    try:
                        plain[res_id] = decrypt(text, res_id)
                    except (keyring.KeyringError, cipher.CipherError):
                        kinds[res_id] = ENCRYPTED  # perhaps it can be read later
        return {
            res_id: json.dumps([kinds.get(res_id, kind), text]).encode()
            for res_id, text in plain.items()
        }
