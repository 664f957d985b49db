from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import ormcache

from ..tools import masking
from .field_encrypted import FETCHING, EncryptedField
from .field_masked import Mask


class ConsentSubjectMixin(models.AbstractModel):
    """Encrypted fields of a person: fetching, searching, and what may be written."""

    _inherit = "consent.subject.mixin"

    @ormcache()
    def _privacy_encrypted_names(self):
        """:return: names of the encrypted fields of this model"""
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.store and isinstance(field, EncryptedField)
        )

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _fetch_query(self, query, fields):
        if not any(isinstance(field, EncryptedField) for field in fields):
            return super()._fetch_query(query, fields)
        fetching = self.with_context(privacy_fetching=FETCHING)
        fetched = super(ConsentSubjectMixin, fetching)._fetch_query(query, fields)
        return fetched.with_env(self.env)

    @api.model
    def _search_display_name(self, operator, value):
        """Search by name finds parts of names, but encrypted fields by exact value."""
        domain = super()._search_display_name(operator, value)
        names = self._privacy_encrypted_names()
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

    @api.model_create_multi
    def create(self, vals_list):
        names = self._privacy_encrypted_names()
        if not names:
            return super().create(vals_list)
        vals_list = [self._privacy_without_masks(vals, names) for vals in vals_list]
        subjects = super().create(vals_list)
        for name in names:
            filled = [
                subject.id
                for subject, vals in zip(subjects, vals_list, strict=True)
                if vals.get(name)
            ]
            self._privacy_log_changes(filled, [name])
        return subjects

    def write(self, vals):
        fields = self._fields
        names = {
            name for name in vals if isinstance(fields.get(name), EncryptedField)
        }
        if not names:
            return super().write(vals)
        vals = self._privacy_without_masks(vals, names)
        changes = self._privacy_value_changes(vals, names)
        result = super().write(vals)
        for name, ids in changes.items():
            self._privacy_log_changes(ids, [name])
        return result

    def _privacy_without_masks(self, vals, names):
        """An untouched mask comes back from forms and imports: it changes nothing.

        :param dict vals: values to write
        :param names: encrypted fields to look at
        :return: the values, without masks or with what they stand for
        :raise UserError: when a mask is none of the record's own
        """
        kept = dict(vals)
        for name in names & vals.keys():
            value = vals[name]
            if isinstance(value, Mask) or not masking.looks_masked(value):
                continue
            if self and all(subject._privacy_mask(name) == value for subject in self):
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

    def _privacy_value_changes(self, vals, names):
        """:return: {field name: ids of the records whose value changes}
        :raise UserError: when a present value cannot be read; it would be lost"""
        changes = {}
        for name in names & vals.keys():
            field = self._fields[name]
            new = field.convert_to_cache(vals[name], self) or False
            # superuser: compares values that the user does not see
            for subject in self.sudo():
                if (subject[name] or False) != new:
                    changes.setdefault(name, []).append(subject.id)
        return changes

    @api.model
    def _privacy_log_changes(self, ids, names):
        if ids:
            self.env["privacy.access.log"]._log("change", self._name, ids, names)

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
