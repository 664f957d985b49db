import re

from odoo import api, models

from ...data_map.personal_data import PersonalData, by_contact

# What a column with an address, a number or an IP address is called.
PERSONAL_COLUMN = re.compile(r"(^|_)(e?mail|phone|mobile|ip|number)(_|$)")
TEXTS = ("char", "text", "html")


class PrivacyDataMap(models.AbstractModel):
    """What is not declared."""

    _inherit = "privacy.data.map"

    @api.model
    def _undeclared(self):
        """:return: {name of a model: names of its fields} of the installed models that
        link to contacts, or hold addresses or numbers, and say nothing about it"""
        known = {holding.model for holding in self._declared()} | set(self._exempt())
        # the people themselves: see `_privacy_anonymise()`
        known.update(self.env["consent.record"]._subject_models())
        return {
            name: fields
            for name in self._stored_models()
            if name not in known
            and not self.env[name]._transient
            and (fields := self._suspicious_fields(name))
        }

    @api.model
    def _suspicious_fields(self, name):
        return sorted(
            field.name
            for field in self.env[name]._fields.values()
            if field.store
            and field.name not in models.MAGIC_COLUMNS
            and self._is_suspicious(field)
        )

    @api.model
    def _is_suspicious(self, field):
        if field.type in TEXTS:
            return bool(PERSONAL_COLUMN.search(field.name))
        if field.type == "many2one_reference":
            return True
        return field.comodel_name == "res.partner" and field.type != "one2many"

    @api.model
    def _temporary(self):
        """Dialogues that were about the person: Odoo deletes them after some hours."""
        return [
            PersonalData(name, "delete", links, "temporary")
            for name, model in self.env.registry.items()
            if model._transient
            and (links := tuple(map(by_contact, self._contact_links(name))))
        ]

    @api.model
    def _contact_links(self, name):
        return [
            field.name
            for field in self.env[name]._fields.values()
            if field.store
            and field.comodel_name == "res.partner"
            and field.type in ("many2one", "many2many")
            and not field.inherited
        ]
