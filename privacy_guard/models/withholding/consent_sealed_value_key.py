import logging

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import cipher, keyring

_logger = logging.getLogger(__name__)


class ConsentSealedValue(models.Model):
    """Sealing again: under a new key, or for the contact another is merged into."""

    _inherit = "consent.sealed.value"

    @api.model
    def _key_ids(self):
        """:return: ids of the keys that withheld values need, sorted"""
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT split_part(sealed, ':', 2) FROM consent_sealed_value")
        )
        return sorted(key_id for (key_id,) in rows)

    @api.model
    def _reseal(self, limit):
        """Seal values under the newest key that are under an older one of the key file;
        the caller commits and calls again.

        :param int limit: at most as many
        :return: how many remain; 0 also when none of the rest can be opened, of which
            the log tells
        :raise KeyringError: there is no usable key file
        """
        ring, after = keyring.load(), 0
        older = SQL("split_part(value.sealed, ':', 2) = ANY(%s)", list(ring.ids[:-1]))
        next_ = "%s AND value.id > %s ORDER BY value.id LIMIT %s"
        while rows := self._rows(SQL(next_, older, after, limit), skip_locked=True):
            after = rows[-1][0]
            if resealed := self._sealed_anew(ring, rows):
                self._rewrite(resealed)
                return self._count(older)
        return 0

    @api.model
    def _sealed_anew(self, ring, rows):
        """:return: {id: (id of the subject, what is sealed)} of those that open"""
        resealed = {}
        for id_, model_name, name, res_id, sealed in rows:
            context = self._context(model_name, name, res_id)
            try:
                data = cipher.unseal(ring, context, sealed)
            except cipher.CipherError as error:
                self._note_item(model_name, res_id, str(error))
            else:
                resealed[id_] = res_id, cipher.seal(ring, context, data)
        return resealed

    @api.model
    def _move(self, model_name, from_id, to_id):
        """Withhold of one subject what is withheld of another one, wherever nothing is
        withheld of it yet.

        :raise UserError: a value cannot be opened now, and would be lost
        """
        rows = self._rows(
            SQL(
                """
                value.res_model = %s AND value.res_id = %s
                AND NOT EXISTS (SELECT FROM consent_sealed_value other
                                 WHERE other.res_model = value.res_model
                                   AND other.res_id = %s
                                   AND other.purpose_id = value.purpose_id)
                """,
                model_name,
                from_id,
                to_id,
            )
        )
        moved = {row[0]: (to_id, self._sealed_for(to_id, row)) for row in rows}
        if moved:
            self._rewrite(moved)

    @api.model
    def _sealed_for(self, to_id, row):
        """:param tuple row: of `_rows`
        :return: what is sealed in it, sealed for another subject
        :raise UserError: it cannot be opened
        """
        _id, model_name, name, from_id, sealed = row
        try:
            ring = keyring.load()
            data = cipher.unseal(ring, self._context(model_name, name, from_id), sealed)
        except (keyring.KeyringError, cipher.CipherError) as error:
            _logger.error("%s of %s %s: %s", name, model_name, from_id, error)
            raise UserError(
                self.env._(
                    "The contacts cannot be merged while a value is withheld that "
                    "cannot be opened. The server's log says why."
                )
            ) from error
        return cipher.seal(ring, self._context(model_name, name, to_id), data)

    @api.model
    def _rows(self, condition, skip_locked=False):
        """Lock withheld values.

        :param SQL condition: on the alias "value", with what may follow it
        :return: (id, model, name of the field, id of the subject, what is sealed)
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT value.id, value.res_model, field.name, value.res_id, value.sealed
                  FROM consent_sealed_value value
                  JOIN consent_purpose purpose ON purpose.id = value.purpose_id
                  JOIN ir_model_fields field ON field.id = purpose.field_id
                 WHERE %s FOR UPDATE OF value %s
                """,
                condition,
                SQL("SKIP LOCKED") if skip_locked else SQL(),
            )
        )

    @api.model
    def _rewrite(self, values):
        """:param dict values: {id: (id of the subject, what is sealed)}"""
        res_ids, sealed = zip(*values.values(), strict=True)
        self.env.execute_query(
            SQL(
                """
                UPDATE consent_sealed_value AS value
                   SET res_id = new.res_id, sealed = new.sealed
                  FROM unnest(%s::int[], %s::int[], %s::text[])
                       AS new (id, res_id, sealed)
                 WHERE value.id = new.id
             RETURNING value.id
                """,
                list(values),
                list(res_ids),
                list(sealed),
            )
        )
        self.invalidate_model(flush=False)
