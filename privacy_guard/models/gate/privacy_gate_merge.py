from odoo import api, models
from odoo.exceptions import UserError

from .privacy_gate_belongings import BINDING


class PrivacyGate(models.AbstractModel):
    """A person and a company are not one: what the person has answered would empty and
    lock what is the company's, and lie on the company from then on (ASK-2)."""

    _inherit = "privacy.gate"

    @api.model
    def _check_merge(self, records):
        """:raise UserError: when somebody who has been asked or has answered would be
        merged with a company or with an address of others, whoever merges"""
        if records._name == "res.partner" and self._is_enabled():
            self._check_merge_with_others(records)
        return super()._check_merge(records)

    @api.model
    def _check_merge_with_others(self, partners):
        people = self._with_answers(partners)
        # superuser: what a contact is does not depend on who may see it
        others = partners.sudo() - people
        persons = others.filtered_domain(partners._privacy_identity_domain())
        others -= persons.filtered(lambda partner: not partner.is_company)
        if people and others:
            partners.check_access("write")
            raise UserError(
                self.env._(
                    "%(person)s and %(other)s cannot be merged: what a person has "
                    "answered, or has still to be asked, does not hold for a company "
                    "or an address of others, which would lose its values.",
                    person=people[0].display_name,
                    other=others[0].display_name,
                )
            )

    @api.model
    def _with_answers(self, partners):
        """:return: those, as superuser, with anything that is a person's alone: an
        answer, a request, a status, a lock"""
        locked = self._locked_fields(partners)
        bound = partners.sudo().filtered(
            lambda partner: partner.id in locked or partner.privacy_status in BINDING
        )
        return bound | partners._privacy_answered()
