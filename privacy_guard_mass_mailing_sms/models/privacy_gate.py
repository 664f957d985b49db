from odoo import api, models
from odoo.tools import SQL

from odoo.addons.privacy_guard.extending import (
    failure_type,
    masking_everyone,
    value_behind,
)


class PrivacyGate(models.AbstractModel):
    """The address of a mailing of text messages is a formatted number."""

    _inherit = "privacy.gate"

    @api.model
    def _is_number(self, address):
        """:return: whether an address is a number, and not one of e-mail"""
        return bool(address) and "@" not in address

    @api.model
    def _split_addresses(self, addresses):
        """:return: set of numbers, set of the others"""
        numbers = {address for address in addresses if self._is_number(address)}
        return numbers, set(addresses) - numbers

    @api.model
    def _marketing_refusals(self, addresses):
        numbers, others = self._split_addresses(addresses)
        refused = super()._marketing_refusals(others) if others else {}
        by_class = self._sms_refusals({"marketing": numbers})
        return {
            **refused,
            **{number: code for (_class, number), code in by_class.items()},
        }

    @api.model
    def _selects_by_address(self, addresses, select):
        numbers, others = self._split_addresses(addresses)
        selects = super()._selects_by_address(others, select)
        for name in self.env["consent.record"]._subject_models() if numbers else ():
            owned = self._subjects_with_numbers(name, numbers)
            pairs = [(id_, number) for id_ in owned for number in owned[id_]]
            selects.append(
                SQL(
                    """
                    SELECT owned.number, known.one, known.two
                      FROM (%s) AS known (id, one, two)
                      JOIN unnest(%s::int[], %s::varchar[]) AS owned (id, number)
                     USING (id)
                    """,
                    select(self.env[name], "id", owned),
                    [id_ for id_, _number in pairs],
                    [number for _id, number in pairs],
                )
            )
        return selects

    @api.model
    def _subjects_of_number(self, number):
        """:return: list of recordsets of the people with a number, without duplicates,
        as superuser"""
        found = []
        for name in self.env["consent.record"]._subject_models():
            ids = sorted(self._subjects_with_numbers(name, {number}))
            # superuser: whoever has the number stands for the person, not for a user
            subjects = self.env[name].sudo().with_context(active_test=False).browse(ids)
            subjects = subjects.filtered(lambda s: s.privacy_status != "duplicate")
            if subjects:
                found.append(subjects)
        return found

    @api.model
    def _numbers_of(self, records):
        """:return: set of the formatted numbers of records of any model"""
        if "phone_sanitized" not in records._fields:
            return set()
        # superuser: the number decides, whoever sees a mask of it
        records = records.sudo()
        records.fetch(["phone_sanitized"])
        with masking_everyone(self.env, False):
            numbers = {value_behind(record.phone_sanitized) for record in records}
        return {str(number) for number in numbers if number}

    @api.model
    def _sms_refusal_label(self, code):
        """:return: why a text message was not sent, in the user's language"""
        return self.env["sms.sms"]._privacy_label(failure_type(code))
