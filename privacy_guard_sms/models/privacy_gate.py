from odoo import api, models
from odoo.tools import SQL


class PrivacyGate(models.AbstractModel):
    """May this person get a text message of this class?"""

    _inherit = "privacy.gate"

    @api.model
    def _sms_refusals(self, asked):
        """Who may not get text messages.

        :param dict asked: {class of message: set of ids of contacts and of numbers in
            international form}
        :return: {(class, recipient): refusal reason} of those who may not get it
        """
        return self._channel_refusals(asked, "covers_sms")

    @api.model
    def _blacklisted_numbers(self, numbers):
        """In doubt it stops: what somebody sent back may be a refusal."""
        held = self.env["privacy.sms.reply"]._held(numbers)
        return {*super()._blacklisted_numbers(numbers), *held}

    @api.model
    def _grounds_selects(self, addresses, counts):
        """Numbers are looked up in each kind of subject, and may be encrypted."""
        numbers = {address for address in addresses if "@" not in address}
        selects = super()._grounds_selects(set(addresses) - numbers, counts)
        for name in self.env["consent.record"]._subject_models() if numbers else ():
            owned = self._subjects_with_numbers(name, numbers)
            pairs = [(id_, number) for id_ in owned for number in owned[id_]]
            selects.append(
                SQL(
                    """
                    SELECT owned.number, known.res_model, known.res_id,
                           known.purpose_id, known.event_id, known.notice_id,
                           known.granted
                      FROM (%s) AS known
                      JOIN unnest(%s::int[], %s::varchar[]) AS owned (id, number)
                        ON owned.id = known.address
                    """,
                    self._ground_sql(name, "id", owned, counts),
                    [id_ for id_, _number in pairs],
                    [number for _id, number in pairs],
                )
            )
        return selects
