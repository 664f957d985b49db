from odoo import api, models
from odoo.tools import SQL

from odoo.addons.privacy_guard.extending import failure_type


class PrivacyGate(models.AbstractModel):
    """The address of a mailing of text messages is a formatted number."""

    _inherit = "privacy.gate"

    @api.model
    def _is_number(self, address):
        """:return: whether an address is a number, and not one of e-mail"""
        return bool(address) and "@" not in address

    @api.model
    def _channel_of(self, address):
        return "sms" if self._is_number(address) else super()._channel_of(address)

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
    def _selects_by_address(self, addresses, select, further=2):
        numbers, others = self._split_addresses(addresses)
        selects = super()._selects_by_address(others, select, further)
        names = SQL(", ").join(SQL.identifier(f"said_{n}") for n in range(further))
        for name in self.env["consent.record"]._subject_models() if numbers else ():
            owned = self._subjects_with_numbers(name, numbers)
            pairs = [(id_, number) for id_ in owned for number in owned[id_]]
            selects.append(
                SQL(
                    """
                    SELECT owned.number, %(names)s
                      FROM (%(known)s) AS known (id, %(names)s)
                      JOIN unnest(%(ids)s::int[], %(numbers)s::varchar[])
                           AS owned (id, number)
                     USING (id)
                    """,
                    names=names,
                    known=select(
                        self.env[name], "id", SQL("unnest(%s::int[])", list(owned))
                    ),
                    ids=[id_ for id_, _number in pairs],
                    numbers=[number for _id, number in pairs],
                )
            )
        return selects

    @api.model
    def _sms_refusal_label(self, code):
        """:return: why a text message was not sent, in the user's language"""
        return self.env["sms.sms"]._privacy_label(failure_type(code))
