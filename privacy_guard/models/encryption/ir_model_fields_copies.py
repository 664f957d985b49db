from collections import defaultdict
from functools import partial

from odoo import api, models
from odoo.tools import SQL

from ...attempts import attempt
from .ir_model_fields_registry import NO_PERSONS

# As many of the newest values tell whether a field repeats another one.
SAMPLE = 1_000
TEXT = frozenset({"char", "text", "html"})


class IrModelFields(models.Model):
    """Fields that repeat the values of another one: they would keep as text what is
    encrypted there."""

    _inherit = "ir.model.fields"

    def _privacy_leaking_dependents(self, field):
        """:return: fields that would keep the value as text, or compute text from it as
        superuser for everybody; companions are encrypted too"""
        known = self._privacy_known_companions()
        dependents = {
            dependent
            for dependent in self.pool.get_dependent_fields(field)
            if dependent != field and _leaks(dependent, field)
        }
        namesakes = {copy for copy, _link in self._privacy_linked_texts(field, True)}
        return [
            copy
            for copy in sorted(dependents | namesakes, key=str)
            if copy.model_name not in NO_PERSONS
            and (copy.model_name, copy.name) not in known
        ]

    @api.model
    def _privacy_linked_texts(self, field, namesakes):
        """Stored text of other models that is computed from the link to a record. What
        it takes over from there is in the code, not in the dependencies: leads name
        their contact as what they depend on, and copy its job position.

        :param field: of the records that are linked to
        :param bool namesakes: those of the same name, which is evidence enough, or the
            others
        :return: list of (field that may be a copy, name of the link)
        """
        return [
            (copy, link)
            for model_class in self.pool.values()
            if not model_class._abstract and model_class._auto
            for copy in model_class._fields.values()
            if copy.store
            and copy.compute
            and copy.type in TEXT
            and not copy.related
            and (copy.name == field.name) == namesakes
            and copy.model_name != field.model_name
            and (link := self._privacy_link_to(copy, field.model_name))
        ]

    @api.model
    def _privacy_link_to(self, field, model_name):
        """:return: name of the stored link to a model that a field is computed from"""
        siblings = self.pool[field.model_name]._fields
        for path in self.pool.field_depends[field]:
            link = siblings.get(path.partition(".")[0])
            if link is not None and link.type == "many2one" and link.store:
                if link.comodel_name == model_name:
                    return link.name
        return None

    def _privacy_found_copies(self):
        """:return: the fields that would keep the values of this one, or of what is
        encrypted along with it, as text; also those that only their rows give away"""
        copies = []
        for one in self | self._privacy_companions():
            field = self.env[one.model]._fields[one.name]
            copies += one._privacy_leaking_dependents(field)
            copies += [
                copy
                for copy, link in self._privacy_linked_texts(field, False)
                if one._privacy_is_repeated_in(copy, link)
            ]
        return list(dict.fromkeys(copies))

    def _privacy_is_repeated_in(self, copy, link):
        """:return: whether most of the rows that link to records with a value have the
        same value"""
        self.env[self.model].flush_model([self.name])
        copies = self.env[copy.model_name]
        copies.flush_model([copy.name, link])
        [(same, all_)] = self.env.execute_query(
            SQL(
                """
                WITH source AS (
                    SELECT id, %(column)s AS value FROM %(table)s
                     WHERE %(column)s <> '' ORDER BY id DESC LIMIT %(sample)s
                )
                SELECT count(*) FILTER (WHERE copy.%(copy)s::text = source.value),
                       count(*)
                  FROM source JOIN %(copies)s AS copy ON copy.%(link)s = source.id
                 WHERE copy.%(copy)s IS NOT NULL
                """,
                column=SQL.identifier(self.name),
                table=SQL.identifier(self._privacy_table()),
                sample=SAMPLE,
                copy=SQL.identifier(copy.name),
                copies=SQL.identifier(copies._table),
                link=SQL.identifier(link),
            )
        )
        return 2 * same > all_

    def _privacy_copies_message(self, copies):
        """:return: which fields repeat this one, as people know them, and what to do"""
        labels, modules = defaultdict(list), set()
        # what is computed from a copy in turn says less than the copy
        texts = [copy for copy in copies if copy.type in TEXT]
        for copy in texts or copies:
            labels[copy.model_name].append(copy._description_string(self.env))
            modules.add(copy._module)
        # superuser: names of models and of add-ons are no secret
        described = self.env["ir.model"].sudo()
        listed = [
            f"{described._get(model).name} ({', '.join(dict.fromkeys(names))})"
            for model, names in labels.items()
        ]
        installed = self.env["ir.module.module"].sudo()
        apps = installed.search([("name", "in", list(modules - {None}))])
        if not apps:
            return self.env._(
                "these keep a readable copy of it: %(copies)s. Delete these fields, or "
                "have them not stored, and try again.",
                copies="; ".join(listed),
            )
        return self.env._(
            "these keep a readable copy of it: %(copies)s. You can flag it as "
            "sensitive instead: then it is kept with the person's consent only. "
            "Without %(apps)s it could be encrypted.",
            copies="; ".join(listed),
            apps=", ".join(apps.mapped("shortdesc")),
        )

    # ------------------------------------------------------------------
    # What is encrypted along
    # ------------------------------------------------------------------

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
        repeating = {
            *self.pool.get_dependent_fields(field),
            *(copy for copy, _link in self._privacy_linked_texts(field, True)),
        }
        companions = self.browse()
        for copy in sorted(repeating, key=str):
            if copy != field and (copy.model_name, copy.name) in known:
                companions |= self._get(copy.model_name, copy.name)
        return companions

    @api.model
    def _privacy_encrypt_companions(self):
        """Encrypt what an add-on that came later computes from encrypted fields."""
        encrypted = self.search(
            [
                ("privacy_encryption", "in", ["encrypting", "on"]),
                ("privacy_encrypted_with_id", "=", False),
            ]
        )
        for field in encrypted:
            due = field._privacy_companions().filtered(
                lambda companion: companion.privacy_encryption in (False, "off")
            )
            begin = partial(
                due._privacy_begin_encrypting, field.privacy_visible_chars, field
            )
            # a table that somebody holds for long is for the next time
            if due and not attempt(due, begin)[1]:
                self._privacy_reload()


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
    is_text = dependent.type in TEXT
    return dependent.compute_sudo and is_text and source != field
