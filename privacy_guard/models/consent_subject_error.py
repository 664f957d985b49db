from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools import log_mask


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

    @api.model
    def _sql_error_to_message(self, exc):
        """PostgreSQL quotes the row that it refused. The error that clients get is
        chained to its own, and may be shown with it."""
        message = super()._sql_error_to_message(exc)
        exc.args = tuple(map(log_mask.without_row, exc.args))
        return message
