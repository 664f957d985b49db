from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ...fields.encrypted import ciphertext_sql
from ..personal.consent_purpose import IDENTIFYING, TECHNICAL


class IrModelFields(models.Model):
    """Whether a field can be encrypted, and what has to be encrypted along with it."""

    _inherit = "ir.model.fields"

    def _privacy_encryption_blocker(self):
        """:return: why the field cannot be encrypted, "" if it can be"""
        self.ensure_one()
        field = self.env[self.model]._fields.get(self.name)
        if self.model not in self.env["consent.record"]._subject_models():
            return self.env._("it is not a field of people whose data we keep.")
        if field is None or field.type not in ("char", "text") or not field.store:
            return self.env._(
                "only text that is stored can be encrypted. You can flag it as "
                "sensitive: then it is kept with the person's consent only."
            )
        if self.privacy_encryption not in (False, "off"):
            return self.env._("it is encrypted already.")
        if self.name in IDENTIFYING | TECHNICAL:
            return self.env._(
                "Odoo needs it to find and to reach the person. Restrict who may read "
                "the records instead."
            )
        if field.compute or field.related:
            return self.env._(
                "it is computed from other fields. Encrypt those: it is masked, or "
                "encrypted, along with them."
            )
        if field.translate or field.company_dependent:
            return self.env._("it has several values, one per language or company.")
        if field.type == "char" and field.size:
            return self.env._(
                "its length is limited, and encrypted text is longer. Make a field "
                "without a limit, and move the values there."
            )
        return self._privacy_use_blocker(field)

    def _privacy_use_blocker(self, field):
        """:return: why other uses of the field forbid it, "" if none does"""
        if self.name in (self.env[self.model]._order or ""):
            return self.env._("lists are sorted by it, and need to read it.")
        if self._privacy_has_lookalikes():
            return self.env._("some values look as if they were encrypted already.")
        if self._privacy_is_unique():
            return self.env._(
                "no two records may have the same value, which the database can only "
                "check on text."
            )
        if reason := self._privacy_document_blocker():
            return reason
        if copies := self._privacy_found_copies():
            return self._privacy_copies_message(copies)
        if rules := self._privacy_using_rules():
            return self.env._(
                "access rules use it: %(rules)s. Have them use another field, and try "
                "again.",
                rules=", ".join(rules.mapped("name")),
            )
        return ""

    def _privacy_has_lookalikes(self):
        """:return: whether text would be taken for ciphertext"""
        self.env[self.model].flush_model([self.name])
        rows = self.env.execute_query(
            SQL(
                "SELECT 1 FROM %s WHERE %s LIMIT 1",
                SQL.identifier(self._privacy_table()),
                ciphertext_sql(SQL.identifier(self.name)),
            )
        )
        return bool(rows)

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
        # superuser: rules are the administrator's to read; here only who uses the field
        rules = self.env["ir.rule"].sudo().with_context(active_test=False)
        mentioned = Domain("domain_force", "like", self.name)
        return rules.search(mentioned & Domain("model_id.model", "=", self.model))
