from odoo import models
from odoo.exceptions import ValidationError


class ConsentSubjectMixin(models.AbstractModel):
    """What errors tell of encrypted fields."""

    _inherit = "consent.subject.mixin"

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
