import logging

from odoo import api, models
from odoo.tools import SQL, ormcache, str2bool

from ... import left_out
from ...background import is_unattended
from ...constants import SKIP_LOCKED

_logger = logging.getLogger(__name__)

# The setting that switches all of it on.
ENABLED = "privacy_guard.enabled"
# What Odoo keeps by itself and says nothing about the person: writable whatever the
# Contact Status, or the chatter would fail.
TECHNICAL_PREFIXES = ("message_", "activity_", "website_message_")


class PrivacyGate(models.AbstractModel):
    """The one place that answers "may we?", in batch.

    Every lock asks it, superuser code included, and it fails closed: what it
    cannot read, it does not allow.
    """

    _name = "privacy.gate"
    _description = "Privacy gate"

    @api.model
    def _is_enabled(self):
        """:return: whether the company has enabled consents (PRE-1)"""
        # asked often; the parameter is cached and says nothing secret
        parameters = self.env["ir.config_parameter"].sudo()
        return str2bool(parameters.get_param(ENABLED), False)

    @api.model
    def _locked_fields(self, records):
        """The fields that a data consent locks, in one query.

        :param records: subjects of one model, any number
        :return: {record id: {field name: consent value that locks it}}; records
            without a lock are left out
        """
        if not records.ids or not self._is_enabled():
            return {}
        self.env["consent.purpose"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT consent.res_id, field.name, consent.value
                  FROM consent_record consent
                  JOIN consent_purpose purpose ON purpose.id = consent.purpose_id
                  JOIN ir_model_fields field ON field.id = purpose.field_id
                 WHERE consent.res_model = %s
                   AND consent.res_id = ANY(%s)
                   AND purpose.active
                   AND purpose.kind = 'data'
                   AND (consent.value IN ('applicable', 'refused')
                        -- by default allowed, it stays editable until the answer
                        OR consent.value = 'waiting'
                           AND purpose.default_selection = 'no')
                """,
                records._name,
                records.ids,
            )
        )
        locked = {}
        for record_id, field_name, value in rows:
            locked.setdefault(record_id, {})[field_name] = value
        return locked

    @api.model
    def _needs_no_check(self, records, vals):
        """Most writes change nothing that is protected: one look lets them pass.

        :return: whether the values may be written to all records without more ado
        """
        if not self._watched_fields(records._name).isdisjoint(vals):
            return False
        for record in records:
            # as the user: who may not read a contact does not write it either
            if record.privacy_status != "active":
                return False
        return True

    @api.model
    @ormcache("model_name")
    def _watched_fields(self, model_name):
        """:return: names of the fields that no write changes without more ado"""
        purposes, model = self.env["consent.purpose"], self.env[model_name]
        return self._control_fields(model).union(
            [model._primary_email],
            model._privacy_encrypted_names(),
            purposes._guarded_fields(model_name),
            purposes._trigger_fields(model_name),
            self._removed_fields(model_name),
        )

    @api.model
    def _split_write(self, records, vals):
        """What of a write may happen, and on which records.

        :param records: subjects that are about to be written
        :param dict vals: the values
        :return: list of (records, values) to write
        :raise AccessError: when a control field is written
        :raise UserError: when a locked field or contact would change; it names the
            field, the contact and the reason
        """
        skip = self.env.context.get(SKIP_LOCKED) or is_unattended(records)
        if controls := self._control_fields(records) & vals.keys():
            if not skip:
                self._check_controls(records, vals, controls)
            vals = {name: vals[name] for name in vals.keys() - controls}
        removed = self._removed_fields(records._name) & vals.keys()
        if not (removed or self._is_enabled()):
            return [(records, vals)]
        refused = self._refused_fields(records, vals)
        if not refused:
            return [(records, vals)]
        if not skip:
            self._refuse(records, refused)
        return self._without_refused(records, vals, refused)

    @api.model
    def _check_unlocked(self, records, names):
        """:raise UserError: when one of these fields is locked, whatever is to become
        of it"""
        if refused := self._lock_reasons(records, names):
            self._refuse(records, refused)

    @api.model
    def _refused_fields(self, records, vals):
        """:return: {record: {field name: reason}} of what the values would change"""
        refused = {}
        for record, reasons in self._lock_reasons(records, vals.keys()).items():
            changed = {
                name: reason
                for name, reason in reasons.items()
                if self._would_change(record, name, vals[name])
            }
            if changed:
                refused[record] = changed
        return refused

    @api.model
    def _lock_reasons(self, records, names):
        """:param names: set of field names, or the keys of values
        :return: {record as superuser: {field name: reason}} of what is locked of them
        """
        found = {}
        guarded = self.env["consent.purpose"]._guarded_fields(records._name)
        locked = self._locked_fields(records) if guarded & names else {}
        removed = dict.fromkeys(self._removed_fields(records._name), "removed")
        closed = self._closed_fields(records, names)
        statuses = self._status_reasons(records) if closed else {}
        # superuser: the lock binds also those who may not read what it looks at
        for record in records.sudo():
            reasons = {**locked.get(record.id, {}), **removed}
            if record.id in statuses:
                reasons.update(dict.fromkeys(closed, statuses[record.id]))
            if reasons := {name: reasons[name] for name in reasons.keys() & names}:
                found[record] = reasons
        return found

    @api.model
    def _closed_fields(self, records, names):
        """:return: what of these fields a status that is not active closes"""
        if not self._is_enabled():
            return set()
        names = names - records._privacy_unlocked_names()
        return {name for name in names if not name.startswith(TECHNICAL_PREFIXES)}

    @api.model
    def _status_reasons(self, records):
        """:return: {record id: reason} of those whom their Contact Status locks"""
        # the status is not the user's to read on every model, but it binds them
        locked = records.sudo().filtered(lambda r: r.privacy_status != "active")
        reasons = {record.id: record.privacy_status for record in locked}
        quarantined = locked._privacy_suppressed()
        return {**reasons, **dict.fromkeys(quarantined.ids, "quarantined")}

    @api.model
    def _would_change(self, record, name, value):
        """Imports and forms send untouched values along: these are no edit."""
        field = record._fields.get(name)
        if field is None or field.type in ("one2many", "many2many"):
            return True
        # markup is compared as it would be stored: sanitised
        sanitise = field.type == "html"
        new = field.convert_to_cache(value, record, validate=sanitise)
        old = field.convert_to_cache(record[name], record, validate=False)
        return (new or None) != (old or None)

    @api.model
    def _without_refused(self, records, vals, refused):
        """One write per set of values that remain, for propagation and the like."""
        left_out.note(refused)
        groups = {}
        for record in records.sudo():
            names = frozenset(refused.get(record, ()))
            groups.setdefault(names, []).append(record.id)
        for names, ids in groups.items():
            if names:
                _logger.info(
                    "Left out of %s %s: locked fields %s",
                    records._name,
                    ids,
                    sorted(names),
                )
        return [
            (
                records.browse(ids),
                {name: value for name, value in vals.items() if name not in names},
            )
            for names, ids in groups.items()
            if vals.keys() - names
        ]

    @api.model
    def _check_create(self, model, vals):
        """:param dict vals: what a new record is given, without defaults
        :raise AccessError: when a control field is among it"""
        self._check_new_controls(model, vals)
