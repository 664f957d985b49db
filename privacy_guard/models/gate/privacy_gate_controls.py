from odoo import api, models

# What only named methods of the subject may write.
CONTROL_FIELDS = frozenset(
    {
        "privacy_status",
        "consent_requested_at",
        "preferences_version",
        "email_opt_in",
        "opt_in_requested_at",
        "address_unproven_until",
        "proven_email",
        "privacy_other_addresses",
    }
)


class PrivacyGate(models.AbstractModel):
    """What nobody writes: what named methods keep, and what follows from other fields
    and says who somebody is (IDN-1)."""

    _inherit = "privacy.gate"

    @api.model
    def _control_fields(self, records):
        """:return: names of the fields of these subjects that nobody writes: named
        methods do, or they follow from others (IDN-1)"""
        return CONTROL_FIELDS | records._privacy_derived_names()

    @api.model
    def _without_defaults(self, model_name):
        """:return: names of the fields of a model that are such fields of a subject, or
        hand them on to one, as a user's do to their contact"""
        if model_name not in self.env:
            return set()
        model = self.env[model_name]
        if model_name in self.env["consent.record"]._subject_models():
            return self._control_fields(model)
        handed_on = map(self._without_defaults, model._inherits)
        return set().union(*handed_on) & model._fields.keys()

    @api.model
    def _check_controls(self, records, vals, names):
        """:raise AccessError: when a control field is written, or one that follows from
        others would change: exports are imported again"""
        # superuser: the user need not be able to read it
        subjects = records.sudo()
        refused = names & CONTROL_FIELDS | {
            name
            for name in self._derived_by_hand(records, vals) & names
            if any(self._would_change(one, name, vals[name]) for one in subjects)
        }
        if refused:
            self._refuse_control_fields(records, refused)

    @api.model
    def _derived_by_hand(self, model, vals):
        """:return: names of the derived fields that somebody means to write: forms send
        along what they show of the fields from which it follows"""
        depends = model.pool.field_depends
        return {
            name
            for name in model._privacy_derived_names() & vals.keys()
            if not any(
                path.split(".")[0] in vals
                for path in depends.get(model._fields[name], ())
            )
        }

    @api.model
    def _check_new_controls(self, model, vals):
        """:raise AccessError: when a new record would not begin with the defaults of
        the control fields (creating a user hands them on)"""
        defaults = {"privacy_status": "active", "email_opt_in": "none"}
        given = {
            name
            for name in (CONTROL_FIELDS & vals.keys())
            | self._derived_by_hand(model, vals)
            if vals[name] and vals[name] != defaults.get(name)
        }
        if given:
            self._refuse_control_fields(model, given)
