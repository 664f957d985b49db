from odoo import api, models
from odoo.fields import Domain
from odoo.tools.mail import formataddr, parse_contact_from_email

from ...tools import addresses


class ResPartner(models.Model):
    """That an address has one contact (DUP-3) stops nobody from looking for it: where
    Odoo would find none and make one, and the address is in use, it goes on without. So
    a lead can be answered whose person is a contact of another company, or archived.
    Of several contacts with the address, a duplicate is found last."""

    _inherit = "res.partner"

    @api.model
    def find_or_create(self, email, assert_valid_email=False):
        if self._privacy_hidden_addresses(addresses.find(email)[:1]):
            return self.browse()
        found = super().find_or_create(email, assert_valid_email=assert_valid_email)
        return found._privacy_instead_of_duplicate()

    def _privacy_instead_of_duplicate(self):
        """:return: another contact with the address of this one, if this is a duplicate
        and there is one, else this one"""
        if self.privacy_status != "duplicate":
            return self
        column = self._consent_email_field
        is_other = Domain(column, "=", self[column])
        is_other &= Domain("privacy_status", "!=", "duplicate")
        return self.search(is_other, limit=1) or self

    @api.model
    def _find_or_create_from_emails(
        self,
        emails,
        ban_emails=None,
        filter_found=None,
        no_create=False,
        sort_key=None,
        sort_reverse=True,
        **kwargs,
    ):
        """Core compares what it has found with what it has looked for: it looks for
        addresses in their one form (IDN-2)."""
        emails = [self._privacy_with_canonical_address(email) for email in emails]
        banned = [addresses.only(email) or email for email in ban_emails or ()]
        values = kwargs.get("additional_values") or {}
        kwargs["additional_values"] = {
            addresses.only(email) or email: value for email, value in values.items()
        }
        if not no_create:
            wanted = [one for email in emails for one in addresses.find(email)[:1]]
            banned += self._privacy_hidden_addresses(wanted, filter_found)
        return super()._find_or_create_from_emails(
            emails,
            ban_emails=banned,
            filter_found=filter_found,
            no_create=no_create,
            sort_key=self._privacy_duplicates_last(sort_key, sort_reverse),
            sort_reverse=sort_reverse,
            **kwargs,
        )

    @api.model
    def _privacy_duplicates_last(self, sort_key, reverse):
        """:param sort_key: key function of the caller, or None: in the order found
        :param bool reverse: whether core sorts in reverse
        :return: the key function to sort by"""

        def key(partner):
            is_last = (partner.privacy_status == "duplicate") != reverse
            return is_last, sort_key(partner) if sort_key else ()

        return key

    @api.model
    def _privacy_with_canonical_address(self, email):
        """:return: the same name and address; untouched where that is its one form"""
        name, address = parse_contact_from_email(email)
        form = address and addresses.canonical(address)
        return email if form == address else formataddr((name, form))

    @api.model
    def _privacy_hidden_addresses(self, wanted, filter_found=None):
        """:param wanted: canonical addresses
        :param filter_found: which contacts are looked for, if not any
        :return: set of those that are in use, by contacts that the user does not find
        """
        wanted = list(set(wanted))
        if not (wanted and self.env["privacy.gate"]._is_enabled()):
            return set()
        has_one = Domain(self._consent_email_field, "in", wanted)
        found = self.search(has_one)
        if filter_found:
            found = found.filtered(filter_found)
        holders = self._privacy_address_holders(wanted)
        column = self._consent_email_field
        return set(holders.mapped(column)) - set(found.mapped(column))

    @api.model
    def _privacy_address_holders(self, wanted):
        """:return: the contacts that have these addresses, whoever may see them, as
        superuser; persons before companies"""
        # superuser: the address is taken whoever may see the contact
        everyone = self.sudo().with_context(active_test=False)
        return everyone.search(
            self._privacy_identity_domain()
            & Domain(self._consent_email_field, "in", wanted),
            order="is_company, id",
        )
