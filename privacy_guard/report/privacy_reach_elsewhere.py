from odoo import api, models
from odoo.tools import SQL


class PrivacyReach(models.Model):
    """What other records of a person say about who is reached (RCH-1)."""

    _inherit = "privacy.reach"

    @api.model
    def _elsewhere_sql(self):
        """What keeps messages from an address keeps them from everybody who has it.
        Few addresses are of several records: these alone are looked at.

        :return: SQL select of channel, model and id of those who are kept from messages
            by another record: by all, or by the consents that were refused there
        """
        nobody = SQL(
            """SELECT NULL::varchar AS channel, NULL::varchar AS res_model,
                      NULL::int AS res_id, FALSE AS always, NULL::int[] AS purposes
                WHERE FALSE"""
        )
        selects = [self._elsewhere_of_channel_sql(n) for n in self._used_channels()]
        return SQL(" UNION ALL ").join([nobody, *selects])

    @api.model
    def _used_channels(self):
        """:return: codes of the channels that a consent is about: finding who shares
        an address takes as long as the rest"""
        # superuser: whether there is one is no secret
        purposes = self.env["consent.purpose"].sudo().search([("kind", "=", "custom")])
        return [
            code
            for code, name in self._channels().items()
            if any(purposes.mapped(name))
        ]

    @api.model
    def _elsewhere_of_channel_sql(self, channel):
        kinds = [self.env[name] for name in self._subject_models()]
        return SQL(
            """
            (WITH known (res_model, res_id, address) AS (%(known)s),
                  holder AS (
                SELECT known.* FROM known
                  JOIN (SELECT address FROM known
                      GROUP BY 1 HAVING count(*) > 1) AS many USING (address)),
                  refusing (address, purpose_id) AS (
                SELECT holder.address, consent.purpose_id
                  FROM holder JOIN consent_record consent USING (res_model, res_id)
                 WHERE consent.value = 'refused'
                 UNION %(refusing)s)
            SELECT %(channel)s AS channel, holder.res_model, holder.res_id,
                   bool_or(refusing.purpose_id IS NULL) AS always,
                   array_agg(refusing.purpose_id) AS purposes
              FROM holder JOIN refusing USING (address) GROUP BY 2, 3)
            """,
            channel=channel,
            known=SQL(" UNION ALL ").join(
                SQL(
                    "SELECT %s, known.* FROM (%s) AS known",
                    model._name,
                    model._privacy_known_addresses_sql(channel),
                )
                for model in kinds
            ),
            refusing=SQL(" UNION ").join(
                SQL(
                    """SELECT holder.address, NULL::int
                         FROM holder JOIN %s other ON other.id = holder.res_id
                        WHERE holder.res_model = %s AND %s""",
                    SQL.identifier(model._table),
                    model._name,
                    model._privacy_refuses_sql("other", channel),
                )
                for model in kinds
            ),
        )
