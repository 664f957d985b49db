from contextlib import nullcontext

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ...access import check_officer
from ...constants import OFFICER
from ...fields.encrypted import FETCHING, EncryptedField, EncryptedFieldError
from ...fields.masked import masking_everyone, value_behind
from ...tools import masking


class ConsentSubjectMixin(models.AbstractModel):
    """Encrypted fields of a person: fetching, searching, what may be written, and how
    one value is shown to somebody with the right (FLD-4)."""

    _inherit = "consent.subject.mixin"

    privacy_access_count = fields.Integer(
        "Accesses to encrypted values",
        compute="_compute_privacy_access_count",
        groups=OFFICER,
    )

    @ormcache()
    def _privacy_encrypted_names(self):
        """:return: names of the encrypted fields of this model"""
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.store and isinstance(field, EncryptedField)
        )

    @api.model
    def _privacy_exact_names(self):
        """:return: names of the fields that are searched by exact value only; the hook
        for add-ons whose other fields search encrypted ones"""
        return self._privacy_encrypted_names()

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _fetch_query(self, query, fields):
        """:raise ConcurrencyError: another thread has set the models up anew since it
        was said what to fetch: for Odoo to begin the transaction again"""
        fetching = self
        if any(isinstance(field, EncryptedField) for field in fields):
            fetching = self.with_context(privacy_fetching=FETCHING)
        try:
            fetched = super(ConsentSubjectMixin, fetching)._fetch_query(query, fields)
        except EncryptedFieldError as error:
            if all(self._fields.get(field.name) is field for field in fields):
                raise
            raise ConcurrencyError("A field has been encrypted meanwhile") from error
        return fetched.with_env(self.env)

    def _privacy_masking_computed(self, field):
        """Names are for people: Odoo collects them as superuser for everybody. What is
        stored is no rendering, even if a page that is being rendered asks for it.

        :return: context in which the field is computed
        """
        if self._privacy_encrypted_names() and (
            field.store or field.name == "display_name"
        ):
            return masking_everyone(self.env, not field.store)
        return nullcontext()

    @api.model
    def _search_display_name(self, operator, value):
        """Search by name finds parts of names, but encrypted fields by exact value."""
        domain = super()._search_display_name(operator, value)
        names = self._privacy_exact_names()
        if not names or not operator.endswith("like"):
            return domain
        exact = "not in" if operator in Domain.NEGATIVE_OPERATORS else "in"

        def convert(condition):
            if condition.field_expr in names and condition.operator == operator:
                return Domain(condition.field_expr, exact, [condition.value])
            return condition

        return Domain(domain).map_conditions(convert)

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    def _privacy_without_masks(self, vals):
        """An untouched mask comes back from forms and imports: it changes nothing. Nor
        does one of what is computed from other fields.

        :param dict vals: values to write
        :return: the values, without masks or with what they stand for
        :raise UserError: when a mask is none of the record's own
        """
        kept = dict(vals)
        for name in self._privacy_encrypted_names() & vals.keys():
            # a mask may arrive by a related field, which masks it once more
            value = value_behind(vals[name])
            if not masking.looks_masked(value):
                continue
            is_own = self and all(s._privacy_mask(name) == value for s in self)
            if is_own or self._fields[name].compute:
                del kept[name]
            elif (source := self._privacy_mask_source(vals)) and (
                source._privacy_mask(name) == value
            ):
                kept[name] = source.sudo()[name]
            else:
                raise UserError(
                    self.env._(
                        "%(field)s: %(value)s is a mask, not a value. Enter the value "
                        "itself.",
                        field=self._fields[name]._description_string(self.env),
                        value=value,
                    )
                )
        return kept

    def _privacy_mask(self, name):
        """:return: what people see of an encrypted field of one record"""
        field = self._fields[name]
        # superuser: comparing with the mask needs the value, which stays here
        value = self.sudo()[name]
        return masking.mask(value, field.privacy_visible_chars) if value else value

    @api.model
    def _privacy_mask_source(self, vals):
        """:return: another record that a form may have taken a mask over from"""
        return self.browse()

    def _privacy_value_changes(self, vals):
        """:return: list of (id, field name) of the values that change
        :raise UserError: when a present value cannot be read; it would be lost"""
        changes = []
        for name in self._privacy_encrypted_names() & vals.keys():
            field = self._fields[name]
            new = field.convert_to_cache(vals[name], self) or False
            # superuser: compares values that the user does not see
            for subject in self.sudo():
                if (subject[name] or False) != new:
                    changes.append((subject.id, name))
        return changes

    def _privacy_log_new_values(self):
        """Log the values that new records have, defaults included."""
        if names := self._privacy_encrypted_names():
            # superuser: only to see which of them have a value
            filled = [(s.id, name) for s in self.sudo() for name in names if s[name]]
            self._privacy_log_changes(filled)

    @api.model
    def _privacy_log_changes(self, changes):
        if changes:
            self.env["privacy.access.log"]._log_changes(self._name, changes)

    def _validate_fields(self, field_names, excluded_names=()):
        """Constraints see values; what they complain with is for people."""
        try:
            return super()._validate_fields(field_names, excluded_names)
        except ValidationError as error:
            names = self._privacy_encrypted_names()
            if not names:
                raise
            raise ValidationError(
                self._privacy_masked_text(str(error), names)
            ) from None

    def _privacy_masked_text(self, text, names):
        for subject in self.sudo():
            for name in names:
                value = subject[name]
                if value and value in text:
                    text = text.replace(value, subject._privacy_mask(name))
        return text

    # ------------------------------------------------------------------
    # Revealing
    # ------------------------------------------------------------------

    def _compute_privacy_access_count(self):
        # superuser: officers may know it of whomever they may read
        lines = self.env["privacy.access.log"].sudo()
        counts = lines._read_group(
            [("res_model", "=", self._name), ("res_id", "in", self._origin.ids)],
            ["res_id"],
            ["__count"],
        )
        count_by_id = dict(counts)
        for subject in self:
            subject.privacy_access_count = count_by_id.get(subject._origin.id, 0)

    def privacy_reveal(self, name):
        """Show one value, and note in the access log who saw it.

        :param str name: name of an encrypted field
        :return: the value, False if there is none
        :raise AccessError: for anybody but a privacy officer who may read the field
        :raise UserError: when the field is not encrypted, or its key is missing
        """
        self.ensure_one()
        check_officer(self.env, self.env._("Only privacy officers may reveal values."))
        self.check_access("read")
        if name not in self._privacy_encrypted_names():
            raise UserError(self.env._("%(field)s is not encrypted.", field=name))
        self._check_field_access(self._fields[name], "read")
        self.env["privacy.access.log"]._log("reveal", self._name, [(self.id, name)])
        # superuser: the right to see the value has just been checked
        return self.sudo()[name]
