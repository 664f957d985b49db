from collections import Counter
from functools import partial

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# number of active purposes allowed by default, per kind and model (FLD-6)
DEFAULT_LIMITS = {"data": 10, "custom": 10}
FIXED_ONCE_USED = frozenset({"kind", "field_id", "tracking_scope", "company_id"})


class ConsentPurpose(models.Model):
    """What a purpose may be, how many there may be, and what stays once it is used."""

    _inherit = "consent.purpose"

    @api.constrains("kind", "field_id", "tracking_scope")
    def _check_kind(self):
        for purpose in self:
            if (purpose.kind == "data") != bool(purpose.field_id):
                raise ValidationError(
                    self.env._("A data consent, and no other, names a field.")
                )
            if (purpose.kind == "tracking") != bool(purpose.tracking_scope):
                raise ValidationError(
                    self.env._(
                        "A tracking consent, and no other, names what is tracked."
                    )
                )

    @api.constrains("field_id")
    def _check_field(self):
        for purpose in self.filtered("field_id"):
            field = purpose.field_id
            if reason := purpose._data_field_blocker(field):
                raise ValidationError(
                    self.env._(
                        "%(field)s cannot carry a data consent: %(reason)s",
                        field=field.field_description,
                        reason=reason,
                    )
                )

    @api.constrains("default_selection", "legal_basis")
    def _check_legal_basis(self):
        for purpose in self:
            if purpose.default_selection == "yes" and purpose.legal_basis == "consent":
                raise ValidationError(
                    self.env._(
                        "%(name)s: silence is no consent (GDPR Art. 4(11)). A default "
                        "of yes needs another legal basis, which the person is shown.",
                        name=purpose.name,
                    )
                )

    @api.constrains("default_selection", "valid_months")
    def _check_valid_months(self):
        self.env["consent.run"]._check_bounds(self, ["valid_months"])
        for purpose in self.filtered("valid_months"):
            if purpose.valid_months < 0 or purpose.default_selection == "yes":
                raise ValidationError(
                    self.env._(
                        "%(name)s: a yes holds for some months, or 0 for as long as it "
                        "stands. What needs none does not end.",
                        name=purpose.name,
                    )
                )

    def _check_condition(self):
        """:raise ValidationError: the conditions cannot be evaluated"""
        for purpose in self.sudo():  # superuser: the author's rights were checked
            for model_name, domain in purpose._target_domains().items():
                search = partial(purpose.env[model_name].search, domain, limit=1)
                try:
                    purpose._evaluate(search)
                except ValidationError:
                    raise
                except (ValueError, UserError, TypeError, KeyError) as error:
                    raise ValidationError(
                        self.env._(
                            "%(name)s: the conditions cannot be used: %(error)s",
                            name=purpose.name,
                            error=error,
                        )
                    ) from error

    @api.model
    def _condition_names(self):
        """:return: set of the fields that say what conditions there are"""
        return {"condition", "field_id"}

    def _check_author(self, names):
        """Conditions are evaluated as superuser, and whom they select shows in lists
        and counts: their author must be one who may read all that they look at. No
        constraint, as Odoo checks these as superuser: what they evaluate to, be it an
        error, is told to nobody else.

        :param names: of the fields that were written
        :raise AccessError: when a field, or a model, along a path is not the user's
        :raise ValidationError: the conditions cannot be evaluated
        """
        if not self._condition_names() & names:
            return
        for purpose in self:
            for model_name, condition in purpose._conditions().items():
                domain = purpose._condition_domain(condition)
                self._check_readable(self.env[model_name], domain)
        self._check_condition()

    @api.model
    def _check_readable(self, model, domain):
        for condition in domain.iter_conditions():
            behind = self._check_readable_path(model, condition.field_expr)
            if condition.operator.lower() in ("any", "not any"):
                self._check_readable(behind, Domain(condition.value))

    @api.model
    def _check_readable_path(self, model, path):
        """:return: the model that the path leads to"""
        for name in path.split("."):
            model.check_access("read")
            field = model._fields.get(name)
            if field is None:  # the search says so
                return model
            model._check_field_access(field, "read")
            if not field.comodel_name:  # parts of dates and properties follow
                return model
            model = self.env[field.comodel_name]
        return model

    @api.constrains("active", "kind")
    def _check_limit(self):
        """FLD-6; 0 means unlimited."""
        for kind in {purpose.kind for purpose in self if purpose.active}:
            limit = self._limit(kind)
            # superuser: those of other companies count, too
            in_use = self.sudo().search([("kind", "=", kind), ("active", "=", True)])
            counts = Counter(name for used in in_use for name in used._conditions())
            if limit and any(count > limit for count in counts.values()):
                raise ValidationError(
                    self.env._(
                        "At most %(limit)s active consents of kind %(kind)s are "
                        "allowed. Settings > Privacy > Limits raises it.",
                        limit=limit,
                        kind=dict(
                            self._fields["kind"]._description_selection(self.env)
                        )[kind],
                    )
                )

    @api.constrains("active")
    def _check_published(self):
        for purpose in self:
            # superuser: what is published is known by its texts, not by a number
            if purpose.active and not purpose.sudo()._published_texts():
                raise ValidationError(
                    self.env._(
                        "%(name)s: publish its text before switching it on.",
                        name=purpose.name,
                    )
                )

    @api.model
    def _limit(self, kind):
        """:return: how many purposes of a kind may be active; 0 = unlimited"""
        if kind not in DEFAULT_LIMITS:
            return 0
        default = DEFAULT_LIMITS[kind]
        return int(self.env["consent.run"]._number(f"limit_{kind}_consents", default))

    def _check_new_company(self, vals):
        """Nobody gives away a consent to a company that is not theirs.

        :raise AccessError: when it would not be theirs any more
        """
        if "company_id" in vals:
            self.check_access("write")

    def _check_fixed(self, vals):
        """What people were asked about may not turn into something else.

        :raise UserError: when it would
        """
        names = FIXED_ONCE_USED & vals.keys()
        for purpose in self if names else ():
            changed = any(
                purpose._fields[name].convert_to_write(purpose[name], purpose)
                != vals[name]
                for name in names
            )
            if changed and purpose._has_events():
                raise UserError(
                    self.env._(
                        "%(name)s applies to contacts already: archive it and define "
                        "another consent.",
                        name=purpose.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for purpose in self:
            if purpose.kind == "tracking":
                raise UserError(
                    self.env._("A tracking consent can only be switched off.")
                )
            if purpose.version:
                raise UserError(
                    self.env._(
                        "%(name)s has been published: archive it instead.",
                        name=purpose.name,
                    )
                )

    def _has_events(self):
        self.ensure_one()
        # superuser: evidence of contacts the user may not read counts too
        events = self.env["consent.event"].sudo()
        return bool(events.search([("purpose_id", "=", self.id)], limit=1))
