from odoo import api, models
from odoo.fields import Domain

from odoo.addons.privacy_guard.extending import (
    EncryptedField,
    exact_search_error,
    masking_everyone,
)


def has_encrypted_numbers(model):
    """:return: whether the column of a number of a model may hold ciphertext"""
    names = (*model._phone_get_number_fields(), "phone_sanitized")
    return any(isinstance(model._fields.get(name), EncryptedField) for name in names)


class MailThreadPhone(models.AbstractModel):
    """Searching encrypted numbers, which Odoo does by SQL on the columns."""

    _inherit = "mail.thread.phone"

    @api.private
    def init(self):
        """Odoo makes indexes on numbers whenever one of its add-ons is updated."""
        result = super().init()
        for name in self._phone_get_number_fields():
            if isinstance(self._fields.get(name), EncryptedField):
                field = self.env["ir.model.fields"]._get(self._name, name)
                field._privacy_drop_other_indexes()
        return result

    def _compute_blacklisted(self):
        """Numbers are compared here and shown to nobody, even if a page that is being
        rendered asks for it."""
        with masking_everyone(self.env, False):
            return super()._compute_blacklisted()

    @api.model
    def _search_phone_sanitized_blacklisted(self, operator, value):
        if operator not in ("in", "not in") or not has_encrypted_numbers(self):
            return super()._search_phone_sanitized_blacklisted(operator, value)
        # superuser: whoever searches contacts need not read the blacklist
        blacklist = self.env["phone.blacklist"].sudo().search([("active", "=", True)])
        return Domain("phone_sanitized", operator, blacklist.mapped("number"))

    @api.model
    def _search_phone_mobile_search(self, operator, value):
        if not has_encrypted_numbers(self):
            return super()._search_phone_mobile_search(operator, value)
        if operator == "not in":
            return NotImplemented  # what is not "in"
        text = value.strip() if isinstance(value, str) else ""
        if operator == "in" or not text:
            # one by one, or whether there is a number
            return super()._search_phone_mobile_search(operator, value)
        if operator != "=":
            raise exact_search_error(self._fields["phone_mobile_search"], self.env)
        return self._privacy_number_domain(text)

    @api.model
    def _privacy_number_domain(self, text):
        """:return: domain of the records that have a number, however it is written"""
        formats = ("E164", "INTERNATIONAL")
        numbers = {self._phone_format(number=text, force_format=f) for f in formats}
        numbers = (numbers - {False}) | {text}
        names = (*self._phone_get_number_fields(), "phone_sanitized")
        return Domain.OR(
            Domain(name, "in", numbers) for name in names if name in self._fields
        )
