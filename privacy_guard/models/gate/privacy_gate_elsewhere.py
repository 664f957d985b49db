from typing import NamedTuple

from odoo import api, models
from odoo.tools import ormcache

from .privacy_gate import TECHNICAL_PREFIXES


class Said(NamedTuple):
    """What the record of somebody who has stopped processing says by leading to another
    one."""

    person: models.BaseModel
    field: str
    value: models.BaseModel
    text: str  # the name of the value


class PrivacyGate(models.AbstractModel):
    """What the record of somebody who has stopped processing leads to, such as tags and
    the company, is other people's work: it may be renamed and deleted. To stop is to
    keep (GDPR Art. 18): what the record said is noted with the person."""

    _inherit = "privacy.gate"

    @api.model
    @ormcache("model_name")
    def _fields_leading_to(self, model_name):
        """:return: tuple of (model of subjects, name of a field of it that leads to
        records of this model), of what is somebody's to write"""
        found = []
        for name in self.env["consent.record"]._subject_models():
            unlocked = self.env[name]._privacy_unlocked_names()
            found += [
                (name, field.name)
                for field in self.env[name]._fields.values()
                if field.type in ("many2one", "many2many")
                and field.comodel_name == model_name
                and field.store
                and field.name not in models.MAGIC_COLUMNS
                and not (field.compute and field.readonly)
                and field.name not in unlocked
                and not field.name.startswith(TECHNICAL_PREFIXES)
            ]
        return tuple(found)

    @api.model
    def _said_by_stopped(self, values):
        """:param values: records of any model
        :return: list of `Said` that lead to these or to what goes with them"""
        leading = self._fields_leading_to(values._name)
        if not leading or not values.ids or not self._is_enabled():
            return []
        # superuser: what is kept does not depend on who may see it
        values = values.sudo().with_context(active_test=False)
        parent = values._fields.get(values._parent_name)
        if values._parent_store and parent and parent.ondelete == "cascade":
            values = values.search([("id", "child_of", values.ids)])
        # not all names that Odoo composes follow the names that they are made of
        values.invalidate_recordset(["display_name"], flush=False)
        said = []
        for model_name, name in leading:
            people = values.env[model_name].search(
                [("privacy_status", "=", "stopped"), (name, "in", values.ids)]
            )
            said += [
                Said(person, name, value, value.display_name)
                for person in people
                for value in person[name] & values
            ]
        return said

    @api.model
    def _note_deleted_elsewhere(self, said):
        """:param said: of :meth:`_said_by_stopped`, before it was deleted"""
        self._note_elsewhere(
            (
                one.person,
                self.env._(
                    "%(field)s: “%(value)s” was deleted, for everybody, while "
                    "processing is stopped.",
                    field=self._field_label(one),
                    value=one.text,
                ),
            )
            for one in said
        )

    @api.model
    def _note_renamed_elsewhere(self, said):
        """:param said: of :meth:`_said_by_stopped`, before it was renamed"""
        for one in said:
            one.value.invalidate_recordset(["display_name"], flush=False)
        self._note_elsewhere(
            (
                one.person,
                self.env._(
                    "%(field)s: “%(value)s” was renamed “%(name)s”, for everybody, "
                    "while processing is stopped.",
                    field=self._field_label(one),
                    value=one.text,
                    name=one.value.display_name,
                ),
            )
            for one in said
            if one.value.display_name != one.text
        )

    @api.model
    def _field_label(self, said):
        model = self.env[said.person._name]
        return model._fields[said.field]._description_string(self.env)

    @api.model
    def _note_elsewhere(self, notes):
        """:param notes: iterable of (person, text); what is deleted along needs none"""
        texts = {}
        for person, text in notes:
            texts.setdefault(person._name, {}).setdefault(person.id, []).append(text)
        for name, by_id in texts.items():
            # superuser: as above
            people = self.env[name].sudo().browse(by_id).exists()
            bodies = {person.id: "\n".join(by_id[person.id]) for person in people}
            people._message_log_batch(bodies)._privacy_keep()
