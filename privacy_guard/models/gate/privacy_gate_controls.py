from odoo import api, models
from odoo.tools import ormcache

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
        "privacy_former_addresses",
        "privacy_replaced_addresses",
        "privacy_other_addresses",
    }
)
# how the names of our own models begin
OWN = ("consent.", "privacy.")
# What the button that opens a dialogue says: whom or what it is about, and which of the
# dialogue's decisions it leads to. All else is the answer of whoever sees it.
ABOUT = frozenset({"many2one", "many2many", "many2one_reference"})
PASSED = frozenset({"res_model", "res_id", "decision"})


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
        """:return: names of the fields of a model that nobody sets a default of: all of
        our own models, which decide, answer or prove something; of a subject such
        fields, which a user's hand on to their contact; of others what we add"""
        if model_name not in self.env:
            return set()
        model = self.env[model_name]
        if model_name.startswith(OWN):
            return set(model._fields)
        if model_name in self.env["consent.record"]._subject_models():
            # nobody is asked whose mails came back
            return self._control_fields(model) | {"message_bounce"}
        handed_on = map(self._without_defaults, model._inherits)
        passed = set().union(*handed_on) & model._fields.keys()
        return passed | self._added_names(model)

    @api.model
    def _added_names(self, model):
        return {name for name in model._fields if name.startswith("privacy_")}

    @api.model
    def _without_prefilled(self, model):
        """Whoever calls, or leads somebody to a dialogue, may set defaults in the
        context: not of what nobody writes, nor of the answers of a dialogue.

        :return: the same records, with a context without such defaults
        """
        refused = self._not_prefilled(model._name)
        context = model.env.context
        kept = {
            key: value
            for key, value in context.items()
            if not (key.startswith("default_") and key[8:] in refused)
        }
        if len(kept) == len(context):
            return model
        return model.with_env(model.env(context=kept))

    @api.model
    @ormcache("model_name")
    def _not_prefilled(self, model_name):
        model = self.env[model_name]
        if not model_name.startswith(OWN):
            # defaults of a subject's are refused (`_check_new_controls`)
            subjects = self.env["consent.record"]._subject_models()
            is_subject = {model_name, *model._inherits} & set(subjects)
            return frozenset(() if is_subject else self._added_names(model))
        return frozenset(
            name
            for name, field in model._fields.items()
            if (
                field.type not in ABOUT and name not in PASSED
                if model._transient
                else field.readonly
            )
        )

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
        # nobody is a user yet; an empty cell of an import says nothing of the others
        begins = {
            "privacy_status": "active",
            "email_opt_in": "none",
            "partner_share": True,
        }
        by_hand = self._derived_by_hand(model, vals)
        given = {
            name
            for name in CONTROL_FIELDS & vals.keys() | by_hand
            if vals[name] != begins.get(name)
            and (vals[name] or begins.get(name) is True)
        }
        if given:
            self._refuse_control_fields(model, given)
