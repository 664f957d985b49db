from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, ormcache, sql

from ...fields.definitions import Definitions, all_definitions
from ...fields.encrypted import EncryptedField
from ...fields.formerly_encrypted import FormerlyEncryptedField
from ...fields.masked import MaskedField, with_mixin

# Their related fields are the company's own letterhead and nobody's personal data.
NO_PERSONS = {"res.company"}


class IrModelFields(models.Model):
    """Giving fields their protected class while the registry is set up.

    A model's fields are rebuilt with a subclass of their own class: stored ones that
    encrypt, and related ones, stored nowhere, that mask what they show of them.
    """

    _inherit = "ir.model.fields"

    def _get_manual_field_data(self, model_name):
        """Core calls it for each model between collecting the fields of its classes and
        inheriting those of others: the moment to exchange them."""
        data = super()._get_manual_field_data(model_name)
        model_class = self.pool.models.get(model_name)
        if model_class is not None and not model_class._setup_done__:
            former = self._privacy_formerly_encrypted().get(model_name, {})
            protected = former | self._privacy_protection().get(model_name, {})
            for name, (mixin, params) in protected.items():
                self._privacy_rebuild(model_class, name, mixin, params, data.get(name))
        return data

    def _privacy_rebuild(self, model_class, name, mixin, params, manual):
        """Put a field of the same definitions and a protecting class in its place.

        :param dict manual: row of a field that was made in Odoo's field editor
        """
        # core's lint forbids importing from odoo.orm at the top of an add-on's file
        from odoo.orm.model_classes import add_field

        if manual:
            base = fields.Field._by_type__[manual["ttype"]]
            attributes = {**self._instanciate_attrs(manual), **params}
            if "tracking" in attributes and mixin is not FormerlyEncryptedField:
                attributes["tracking"] = False
            add_field(model_class, name, with_mixin(mixin, base)(**attributes))
            return
        definitions = _definitions(model_class, name)
        if not definitions:
            return  # the module that defines the field is not loaded yet
        if mixin is not FormerlyEncryptedField and any(
            "tracking" in field._args__ for field in definitions
        ):
            # tracking would keep old values beside the field
            params = {**params, "tracking": False}
        base = type(definitions[-1])
        definitions = (*definitions, base(**params))
        add_field(
            model_class, name, with_mixin(mixin, base)(_base_fields__=definitions)
        )

    @ormcache(cache="stable")
    def _privacy_protection(self):
        """:return: {model: {field name: (mixin, parameters)}}, every model has a key"""
        protection = {name: {} for name in self.pool.models}
        for model, name, state, visible, bound in self._privacy_encrypted_rows():
            if state == "off":
                continue
            protection.setdefault(model, {})[name] = (
                EncryptedField,
                {
                    "privacy_visible_chars": visible or 0,
                    "privacy_mixed": state != "on",
                    "privacy_writes_text": state == "decrypting",
                    "privacy_bound": bool(bound),
                    "index": False,  # it would be one on ciphertext
                },
            )
        if any(protection.values()):
            self._privacy_add_receiving(protection)
            self._privacy_add_related(protection)
        return protection

    @ormcache(cache="stable")
    def _privacy_formerly_encrypted(self):
        """:return: {model: {field name: (mixin, parameters)}} of those that are text
        again"""
        former = {}
        for model, name, state, *_rest in self._privacy_encrypted_rows():
            if state == "off":
                former.setdefault(model, {})[name] = (FormerlyEncryptedField, {})
        return former

    @api.model
    def _privacy_encrypted_rows(self):
        """:return: list of (model, name, state, visible characters, bound) of what is
        encrypted or was, by SQL: the models are being set up, and the columns may not
        exist yet"""
        if not sql.column_exists(self.env.cr, self._table, "privacy_encryption"):
            return []
        return self.env.execute_query(
            SQL(
                """
                SELECT model, name, privacy_encryption, privacy_visible_chars,
                       privacy_bound
                  FROM ir_model_fields WHERE privacy_encryption IS NOT NULL
                """
            )
        )

    def _privacy_add_receiving(self, protection):
        """Add the fields that values are copied into; what they are copied from is all
        that is protected so far."""
        sources = [(model, name) for model, row in protection.items() for name in row]
        for source in sources:
            for (model, name), how in self._privacy_receiving_fields(*source).items():
                if model in protection:
                    protection[model].setdefault(name, how)

    @api.model
    def _privacy_receiving_fields(self, model, name):
        """Fields of other models into which code copies an encrypted field's values in
        order to use them.

        The hook for add-ons that know them.

        :return: {(model, field name): (mixin, parameters)}
        """
        return {}

    def _privacy_add_related(self, protection):
        """Add the related fields, of any model, that show a protected field."""
        shown_by = self._privacy_related_fields()
        todo = [(model, name) for model, row in protection.items() for name in row]
        while todo:
            for model, name in shown_by.get(todo.pop(), ()):
                if name not in protection[model]:
                    protection[model][name] = (MaskedField, {})
                    todo.append((model, name))

    def _privacy_related_fields(self):
        """:return: {(model, field name): list of the same of related fields, stored
        nowhere, that show this field}, by the definitions alone: before fields are set
        up"""
        models, manual = self.pool.models, self._all_manual_field_data()
        definitions = Definitions(models, manual)
        shown_by = defaultdict(list)
        for model in models.keys() - NO_PERSONS:
            for name, args in definitions.of(model).items():
                if args.get("related") and not args.get("store"):
                    place = definitions.resolve(model, args["related"])
                    shown_by[place].append((model, name))
        return shown_by

    def _register_hook(self):
        super()._register_hook()
        self._privacy_split_caches()
        self._privacy_mark_histories()
        self._privacy_report_copies()

    def _privacy_split_caches(self):
        """What is computed from values on the fly has one cache for those who see them
        and one for those who do not."""
        contexts = self.pool.field_depends_context
        for field in self._privacy_derived_fields():
            contexts[field] = tuple({*contexts.get(field, ()), "uid"})

    @ormcache()
    def _privacy_derived_fields(self):
        """:return: fields that are computed from encrypted ones without being stored"""
        derived = set()
        for model, names in self._privacy_protection().items():
            for name in names:
                field = model in self.env and self.env[model]._fields.get(name)
                if isinstance(field, EncryptedField):
                    derived.update(self.pool.get_dependent_fields(field))
        return frozenset(
            field
            for field in derived
            if not (field.store or isinstance(field, MaskedField))
        )


def _definitions(model_class, name):
    return tuple(field for field in all_definitions(model_class) if field.name == name)
