from odoo import models
from odoo.exceptions import UserError

from odoo.addons.privacy_guard.extending import (
    Mask,
    masked,
    masking,
    sees_values,
    value_behind,
)

from .number_mask import NumberMask


class Base(models.AbstractModel):
    """Formatting numbers that whoever asks sees a mask of."""

    _inherit = "base"

    def _phone_format(self, fname=False, number=False, *args, **kwargs):
        number = self._privacy_number_of_mask(number)
        return super()._phone_format(fname, number, *args, **kwargs)

    def _privacy_number_of_mask(self, text):
        """:return: the mask that knows what it stands for, where a text that comes back
        from a form is what the user sees of the record's number; else the text"""
        if isinstance(text, Mask) or not masking.looks_masked(text) or len(self) != 1:
            return text
        names = (*self._phone_get_number_fields(), "phone_sanitized")
        own = [self[name] for name in names if name in self._fields]
        masks = (mask for mask in own if isinstance(mask, Mask) and str(mask) == text)
        return next(masks, text)

    def _phone_format_number(
        self, number, country, force_format="E164", raise_exception=False
    ):
        """:return: a mask for a mask, except where code sees values"""
        if not masking.looks_masked(number):
            return super()._phone_format_number(
                number, country, force_format, raise_exception
            )
        # the digits after a mask may look like a number of their own
        formatted = isinstance(number, Mask) and super()._phone_format_number(
            value_behind(number), country, force_format
        )
        if formatted and not sees_values(self.env):
            return masked(formatted, number.visible, NumberMask)
        if not formatted and raise_exception:
            # Odoo's own message would show the value
            raise UserError(self.env._("%s is no valid phone number.", number))
        return formatted
