from odoo import api, models
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

from odoo.addons.privacy_guard.extending import UNWANTED
from odoo.addons.privacy_guard.extending import addresses as mailboxes


class EventRegistration(models.Model):
    _inherit = "event.registration"

    @api.model_create_multi
    def create(self, vals_list):
        """A registration is no subject, but a number is a number: what somebody has
        refused, or is still asked for, is not stored with it."""
        whose = [(vals.get("email"), vals.get("partner_id")) for vals in vals_list]
        unwanted = self._privacy_unwanted(whose)
        return super().create(
            [
                # an empty value, or Odoo would take a default, or that of the contact
                {**vals, **dict.fromkeys(unwanted.get(one, ()), False)}
                for vals, one in zip(vals_list, whose, strict=True)
            ]
        )

    def write(self, vals):
        """As for :meth:`create`, by whomever it is written."""
        if not {"email", "partner_id", *self._privacy_guarded()} & vals.keys():
            return super().write(vals)
        whose = {
            # superuser: what the person has said binds whoever writes
            one.id: (
                vals.get("email", one.sudo().email),
                vals.get("partner_id", one.sudo().partner_id.id),
            )
            for one in self
        }
        unwanted = self._privacy_unwanted(set(whose.values()))
        groups = self.grouped(lambda one: frozenset(unwanted.get(whose[one.id], ())))
        for names, some in groups.items():
            super(EventRegistration, some).write(
                {**vals, **dict.fromkeys(names, False)}
            )
        return True

    @api.model
    def _privacy_guarded(self):
        """:return: set of names of the fields that a consent is about"""
        guarded = self.env["consent.purpose"]._guarded_fields("res.partner")
        return (guarded & self._fields.keys()) - {"email", "name", "partner_id"}

    @api.model
    def _privacy_unwanted(self, whose):
        """:param whose: pairs of the address and the id of the contact who booked
        :return: {pair: names of the fields of which nothing is to be stored}"""
        guarded = self._privacy_guarded()
        if not guarded or not self.env["privacy.gate"]._is_enabled():
            return {}
        # an address is that of who attends, else it is the contact who booked
        recipients = {one: mailboxes.only(one[0]) or one[1] or 0 for one in whose}
        ids = {id_ for id_ in recipients.values() if isinstance(id_, int) and id_}
        # superuser: what the person has said binds whoever registers them
        contacts, gate = self.env["res.partner"].sudo(), self.env["privacy.gate"]
        unwanted = {
            **contacts._privacy_unwanted_at_addresses(
                {address for address in recipients.values() if address} - ids, UNWANTED
            ),
            **gate._unwanted_fields(contacts.browse(ids).exists(), UNWANTED),
        }
        asked = {recipient for recipient in recipients.values() if recipient}
        for _class, recipient in gate._mail_refusals({"automatic": asked}):
            unwanted[recipient] = guarded  # who has stopped, or was erased
        return {
            one: guarded & unwanted[recipient]
            for one, recipient in recipients.items()
            if recipient in unwanted
        }

    @api.model
    def _privacy_attended_domain(self, addresses, contacts):
        """A registration is of whoever attends: with their address, or, without any,
        of the contact who booked.

        :param addresses: normalised
        :param contacts: of the person
        :return: Domain of the person's registrations
        """
        own = Domain.OR(
            Domain("email", "=ilike", escape_psql(way))
            for address in sorted(addresses)
            for way in mailboxes.spellings(address)
        )
        booked = Domain("partner_id", "in", contacts.ids)
        return own | booked & Domain("email", "=", False)
