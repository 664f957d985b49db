from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import AccessError


class MailingSubscription(models.Model):
    """Joining or leaving a list is like saving the person. Whoever has left one, or has
    stopped processing, is brought back by nobody but themselves or an officer."""

    _inherit = "mailing.subscription"

    @api.model_create_multi
    def create(self, vals_list):
        subscriptions = super().create(vals_list)
        subscriptions.contact_id._privacy_subscribed()
        return subscriptions

    def write(self, vals):
        if {"contact_id", "list_id"} & vals.keys() or not vals.get("opt_out", True):
            self._privacy_refuse_return()
        result = super().write(vals)
        self.contact_id._privacy_subscribed()
        return result

    def unlink(self):
        """Without the row, nothing says that they have left."""
        self._privacy_refuse_return()
        return super().unlink()

    def _privacy_refuse_return(self):
        """:raise AccessError: for anybody but a privacy officer, where somebody has
        left by one of these, or has stopped processing"""
        # superuser: what people refuse binds who may not read it
        for row in self.sudo():
            if row.opt_out or row.contact_id.privacy_status == "stopped":
                self._privacy_check_may_return(row.contact_id, row.list_id)

    @api.model
    @contextmanager
    def _privacy_keeping_left(self, domain):
        """Core writes the lists of a contact, and the contacts of a list, into the
        table past this model.

        :param domain: of the subscriptions that what is done within is about
        :raise AccessError: as :meth:`_privacy_refuse_return`
        """
        # superuser: as above
        left = self.sudo().search([("opt_out", "=", True), *domain])
        of_whom = {row: (row.contact_id, row.list_id) for row in left}
        yield
        self.env.flush_all()
        for row in left - left.exists():
            self._privacy_check_may_return(*of_whom[row])

    @api.model
    def _privacy_check_may_return(self, contact, mailing_list):
        officer = "privacy_guard.group_privacy_officer"
        if (
            self.env.su
            or self.env.user.has_group(officer)
            or not self.env["privacy.gate"]._is_enabled()
        ):
            return
        raise AccessError(
            self.env._(
                "%(contact)s has left the list %(list)s, or has stopped processing: "
                "only the person or a privacy officer can take that back.",
                contact=contact.display_name,
                list=mailing_list.display_name,
            )
        )
