import logging

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ... import emptying

_logger = logging.getLogger(__name__)


class ConsentSubjectMixin(models.AbstractModel):
    """Withholding a value while the person is asked, and bringing it back.

    The value moves between the column and ``consent.sealed.value`` in the caller's
    transaction: at any moment it is in one of both, and never in both. All of it is
    done below the ORM, as in :meth:`_privacy_erase_field` and for the same reasons.
    """

    _inherit = "consent.subject.mixin"

    def _privacy_withhold_field(self, purpose):
        """Take a field's values off these subjects until they answer, or erase them
        at once if the setting says so.

        :param purpose: the data consent
        :raise UserError: values would have to be sealed and there is no usable key
        """
        # superuser: being asked binds whoever happens to ask; nobody may read these
        purpose, sealed = purpose.sudo(), self.env["consent.sealed.value"].sudo()
        field = self._fields[purpose.field_id.name]
        if not sealed._is_wanted():
            return self._privacy_erase_field(field.name)
        if values := self._privacy_column_texts(field.name):
            sealed._seal(purpose, field, values)
        return self._privacy_clear_field(field.name)

    def _privacy_column_texts(self, name):
        """Lock these subjects and read a column, as the database writes it.

        Rows without a value are locked too: whoever is about to give them one has to
        start again.

        :return: {id: text} of those that have a value
        """
        self.flush_model([name])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, %s::text FROM %s WHERE id = ANY(%s)
                 ORDER BY id FOR NO KEY UPDATE
                """,
                SQL.identifier(name),
                SQL.identifier(self._table),
                self.ids,
            )
        )
        return {id_: text for id_, text in rows if text is not None}

    def _privacy_restore_field(self, purpose):
        """Bring back what is withheld of these subjects.

        A value that is there by now stays, and what was withheld goes. Nothing
        comes back to a person whose data was erased, or into a field that was removed.
        What cannot be opened stays withheld, see :meth:`consent.sealed.value._open`.

        :param purpose: the data consent
        """
        # superuser: as in _privacy_withhold_field
        purpose, sealed = purpose.sudo(), self.env["consent.sealed.value"].sudo()
        field = self._fields[purpose.field_id.name]
        if purpose.field_id.privacy_removed:
            sealed._destroy(self._name, self.ids, field.name)
            return
        opened = sealed._open(purpose, field, self.ids)
        if not opened:
            return
        values = self._privacy_returnable(field, opened)
        restored = self._privacy_fill_column(field, values)
        if dropped := sorted(opened.keys() - set(restored.ids)):
            _logger.info("Withheld values of %s are out of date: %s", field, dropped)
        sealed._destroy(self._name, opened, field.name)
        with restored._privacy_keeping_write_date():
            emptying.compute_silently(restored, [field.name])

    def _privacy_returnable(self, field, opened):
        """:return: the texts as the column takes them now, without records that were
        deleted meanwhile"""
        if field.type == "many2one":
            targets = self.env[field.comodel_name].sudo()
            found = targets.browse({int(text) for text in opened.values()}).exists()
            known = set(found.ids)
            return {id_: text for id_, text in opened.items() if int(text) in known}
        if field.type in ("char", "text") and not field.translate:
            # the field may be encrypted, each value for its own record
            return {
                id_: field.convert_to_column_insert(
                    text, self.browse(id_), validate=False
                )
                for id_, text in opened.items()
            }
        return opened

    def _privacy_fill_column(self, field, values):
        """:param dict values: {id: text}
        :return: the subjects that had no value and got one"""
        self.flush_model([field.name, "privacy_status"])
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE %(table)s AS subject
                   SET %(column)s = CAST(value.text AS %(type)s)
                  FROM unnest(%(ids)s::int[], %(texts)s::text[]) AS value (id, text)
                 WHERE subject.id = value.id
                   AND subject.%(column)s IS NULL
                   AND subject.privacy_status <> 'erased'
             RETURNING subject.id
                """,
                table=SQL.identifier(self._table),
                column=SQL.identifier(field.name),
                type=SQL.identifier(field.column_type[0]),
                ids=list(values),
                texts=list(values.values()),
            )
        )
        restored = self.sudo().browse(sorted(id_ for (id_,) in rows))
        emptying.invalidate_column(restored, field.name)
        return restored

    def _privacy_withheld_domain(self, names):
        """:return: Domain of the subjects of whom one of these fields is withheld"""

        def to_sql(model, alias, _query):
            return SQL(
                """
                EXISTS (SELECT FROM consent_sealed_value value
                          JOIN consent_purpose purpose ON purpose.id = value.purpose_id
                          JOIN ir_model_fields field ON field.id = purpose.field_id
                         WHERE value.res_model = %s AND value.res_id = %s
                           AND field.name = ANY(%s))
                """,
                model._name,
                SQL.identifier(alias, "id"),
                sorted(names),
            )

        return Domain.custom(to_sql=to_sql)
