from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...fields.encrypted import ciphertext_sql
from ..personal.consent_purpose import IDENTIFYING, TECHNICAL
from .ir_model_fields_registry import NO_PERSONS


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
        return self._privacy_use_blocker(field)

    def _privacy_use_blocker(self, field):
        """:return: why other uses of the field forbid it, "" if none does"""
        if self.name in (self.env[self.model]._order or ""):
            return self.env._("contacts are sorted by it.")
        if self._privacy_has_lookalikes():
            return self.env._("some values look as if they were encrypted already.")
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
        superuser for everybody; companions are encrypted too"""
        known = self._privacy_known_companions()
        return [
            dependent
            for dependent in self.pool.get_dependent_fields(field)
            if dependent.model_name not in NO_PERSONS
            and dependent != field
            and (dependent.model_name, dependent.name) not in known
            and _leaks(dependent, field)
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


def _leaks(dependent, field):
    """:return: whether a dependent field keeps or shows what an encrypted one holds"""
    source = dependent
    while source.related:
        source = source.related_field
    if source.name == "display_name":
        return False  # it is masked for everybody
    if dependent.store:
        return True
    # what is related to the field itself is masked as it is
    is_text = dependent.type in ("char", "text", "html")
    return dependent.compute_sudo and is_text and source != field
