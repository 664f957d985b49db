from hashlib import sha256

from odoo import api, models
from odoo.tools import ormcache

from ...constants import FOLLOWING
from ..gate.privacy_gate_controls import OWN

MODULE = "privacy_guard"
# whoever may do with these what they like needs no right of ours: the secret that signs
# links, logins and their keys, and what was written to people
RELIED_ON = frozenset(
    {
        "ir.attachment",
        "ir.config_parameter",
        "mail.mail",
        "mail.message",
        "res.users",
        "res.users.apikeys",
    }
)


class PrivacyLoggedMixin(models.AbstractModel):
    """Rows of Odoo that protect what we keep, such as record rules: whoever changes
    one, by whatever right and way, leaves a line in the log of settings. What
    installing and upgrading does is no change of anybody's."""

    _name = "privacy.logged.mixin"
    _description = "Protection whose changes are logged"
    # names of the fields that protect, if there are such: some are of other add-ons
    _privacy_logged = ()
    # those of which the log says that they were changed, not to what
    _privacy_digested = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._privacy_log_protection({})
        return rows

    def write(self, vals):
        if self._privacy_written_names().isdisjoint(vals):
            return super().write(vals)
        former = self._privacy_protection()
        result = super().write(vals)
        self._privacy_log_protection(former)
        return result

    def _update_field_translations(self, field_name, *args, **kwargs):
        """Texts in other languages: write() comes when they are there already."""
        if field_name not in self._privacy_written_names():
            return super()._update_field_translations(field_name, *args, **kwargs)
        former = self._privacy_protection()
        result = super()._update_field_translations(field_name, *args, **kwargs)
        self._privacy_log_protection(former)
        return result

    def unlink(self):
        former = self._privacy_protection()
        result = super().unlink()
        self.browse()._privacy_log_protection(former)
        return result

    def _privacy_is_ours(self):
        """:return: whether this row protects what we keep: whether it came with one of
        our add-ons"""
        return self.id in self._privacy_own_ids()

    @api.model
    def _privacy_protects(self, name):
        """:param str name: of a model
        :return: whether rights on it protect what we keep: on our models, on those of
            people, and on what protection and its log rest on"""
        mixins = ["consent.subject.mixin", "privacy.logged.mixin"]
        return (
            name.startswith(OWN)
            or name in RELIED_ON
            or name in self.pool.descendants(mixins, "_inherit")
        )

    @api.model
    @ormcache("self._name")
    def _privacy_own_ids(self):
        """:return: {id: external id} of the rows that came with our add-ons, whatever
        other ids they have got; nobody takes these away (`ir_model_data.py`)"""
        # superuser: who changes a row need not be able to read its ids
        data = self.env["ir.model.data"].sudo()
        own = data.search(
            [("model", "=", self._name), ("module", "=like", f"{MODULE}%")]
        )
        return {row.res_id: row.complete_name for row in own}

    @api.model
    def _privacy_logged_names(self):
        """:return: tuple of the names of the fields that protect"""
        return tuple(name for name in self._privacy_logged if name in self._fields)

    @api.model
    def _privacy_written_names(self):
        """:return: names of the fields by which what protects is written"""
        return frozenset(self._privacy_logged_names())

    def _privacy_protection(self):
        """:return: {what the log calls a row: what it says now} of those of these rows
        that are ours"""
        context = self.env.context
        if not self.env.registry.ready or context.get("privacy_following") is FOLLOWING:
            return {}
        # superuser: whoever changes it, by whatever right; not in their language
        rows = self.sudo().with_context(lang=None, active_test=False)
        rows = rows.filtered(lambda row: row._privacy_is_ours())
        known = {**rows.get_external_id(), **rows._privacy_own_ids()}
        lines = {}
        for row in rows:
            label = known[row.id] or f"{row.display_name} ({row.id})"
            lines |= row._privacy_lines(f"{row._name} {label}")
        return lines

    def _privacy_lines(self, label):
        """:param str label: what the log calls the row
        :return: {what a line is about: what the row says}"""
        return {
            label: "; ".join(
                f"{name}: {self._privacy_shown(name)}"
                for name in self._privacy_logged_names()
            )
        }

    def _privacy_shown(self, name):
        """:return: what a field says, as the log shows it, in all languages"""
        value, field = self[name], self._fields[name]
        if isinstance(value, models.BaseModel):
            known = value.get_external_id()
            return ", ".join(sorted(known[row.id] or str(row.id) for row in value))
        if field.translate:
            texts = field._get_stored_translations(self) or {}
            value = "; ".join(f"{lang}: {texts[lang]}" for lang in sorted(texts))
        if value and name in self._privacy_digested:
            return sha256(str(value).encode()).hexdigest()[:12]
        return value

    def _privacy_log_protection(self, former):
        """:param dict former: as of :meth:`_privacy_protection`, before the change"""
        new = self._privacy_protection()
        changes = {
            key: (former.get(key), new.get(key))
            for key in sorted(former.keys() | new.keys())
            if former.get(key) != new.get(key)
        }
        if changes:
            self.env["privacy.setting.log"]._log(changes)
