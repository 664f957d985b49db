from odoo import api, models
from odoo.fields import Domain
from odoo.tools.mail import parse_contact_from_email


class ResPartner(models.Model):
    """That an address has one contact (DUP-3) stops nobody from looking for it: where
    Odoo would find none and make one, and the address is in use, it goes on without. So
    a lead can be answered whose person is a contact of another company, or archived."""

    _inherit = "res.partner"

    @api.model
    def find_or_create(self, email, assert_valid_email=False):
        _name, address = parse_contact_from_email(email)
        if self._privacy_hidden_addresses([address]):
            return self.browse()
        return super().find_or_create(email, assert_valid_email=assert_valid_email)

    @api.model
    def _find_or_create_from_emails(
        self, emails, ban_emails=None, filter_found=None, no_create=False, **kwargs
    ):
        if not no_create:
            addresses = [parse_contact_from_email(email)[1] for email in emails]
            hidden = self._privacy_hidden_addresses(addresses, filter_found)
            ban_emails = [*(ban_emails or ()), *hidden]
        return super()._find_or_create_from_emails(
            emails,
            ban_emails=ban_emails,
            filter_found=filter_found,
            no_create=no_create,
            **kwargs,
        )

    @api.model
    def _privacy_hidden_addresses(self, addresses, filter_found=None):
        """:param addresses: normalised
        :param filter_found: which contacts are looked for, if not any
        :return: set of those that are in use, by contacts that the user does not find
        """
        addresses = list(set(filter(None, addresses)))
        if not (addresses and self.env["privacy.gate"]._is_enabled()):
            return set()
        has_one = Domain(self._consent_email_field, "in", addresses)
        found = self.search(has_one)
        if filter_found:
            found = found.filtered(filter_found)
        holders = self._privacy_address_holders(addresses)
        column = self._consent_email_field
        return set(holders.mapped(column)) - set(found.mapped(column))

    @api.model
    def _privacy_address_holders(self, addresses):
        """:return: the contacts that have these addresses, whoever may see them, as
        superuser; persons before companies"""
        # superuser: the address is taken whoever may see the contact
        everyone = self.sudo().with_context(active_test=False)
        return everyone.search(
            self._privacy_identity_domain()
            & Domain(self._consent_email_field, "in", addresses),
            order="is_company, id",
        )
