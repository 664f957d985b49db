from itertools import combinations

from odoo import api, models
from odoo.tools import SQL

from .privacy_reach_page import ELSEWHERE, Elsewhere


class PrivacyReach(models.Model):
    """What other records of a person say about who is reached (RCH-1)."""

    _inherit = "privacy.reach"

    @api.model
    def _elsewhere_sql(self):
        """What keeps messages from an address keeps them from everybody who has it.
        Few addresses are of several records: these alone are looked at, beforehand, for
        the database cannot estimate how few they are.

        :return: SQL select of channel, model and id of those who are kept from messages
            by another record: by all, or by the consents that were refused there
        """
        rows = self.env.context.get(ELSEWHERE)
        if not isinstance(rows, Elsewhere):
            rows = self._elsewhere()
        columns = zip(*rows, strict=True) if rows else [()] * 5
        return SQL(
            """SELECT channel, res_model, res_id, always, purposes::int[] AS purposes
                 FROM unnest(%s::varchar[], %s::varchar[], %s::int[], %s::bool[],
                             %s::text[])
                      AS found (channel, res_model, res_id, always, purposes)""",
            *map(list, columns),
        )

    @api.model
    def _elsewhere(self):
        """:return: the rows of :meth:`_elsewhere_sql`"""
        selects = [self._elsewhere_of_channel_sql(n) for n in self._used_channels()]
        self.env.flush_all()  # what follows reads tables
        return Elsewhere(
            self.env.execute_query(SQL(" UNION ALL ").join(selects)) if selects else ()
        )

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
            (WITH shared (address) AS (%(shared)s),
                  holder (address, res_model, res_id) AS (
                SELECT shared.address, known.res_model, known.res_id
                  FROM (%(known)s) AS known (res_model, res_id, address)
                  JOIN shared USING (address)),
                  refusing (address, res_model, res_id, purpose_id) AS (
                SELECT holder.*, consent.purpose_id
                  FROM holder JOIN consent_record consent USING (res_model, res_id)
                 WHERE consent.value = 'refused'
                 UNION %(refusing)s)
            SELECT %(channel)s AS channel, holder.res_model, holder.res_id,
                   bool_or(refusing.purpose_id IS NULL) AS always,
                   array_agg(refusing.purpose_id)::text AS purposes
              FROM holder JOIN refusing USING (address)
             WHERE (holder.res_model, holder.res_id)
                   <> (refusing.res_model, refusing.res_id)
          GROUP BY 2, 3)
            """,
            channel=channel,
            shared=self._shared_sql(channel, kinds),
            known=self._known_sql(channel, kinds),
            refusing=self._refusing_sql(channel, kinds),
        )

    @api.model
    def _known_sql(self, channel, kinds):
        """:return: SQL select of (model, id, address) of all records"""
        selects = [
            (model, known)
            for model in kinds
            for known in (
                *map(
                    model._privacy_first_addresses_sql,
                    model._privacy_identifying(channel).values(),
                ),
                model._privacy_more_addresses_sql(),
            )
        ]
        return SQL(" UNION ALL ").join(
            SQL("SELECT %s, known.* FROM (%s) AS known", model._name, known)
            for model, known in selects
        )

    @api.model
    def _refusing_sql(self, channel, kinds):
        """:return: SQL select of the holders of shared addresses, alias "holder", whom
        nothing may be sent to, and NULL"""
        return SQL(" UNION ").join(
            SQL(
                """SELECT holder.*, NULL::int
                     FROM holder JOIN %s other ON other.id = holder.res_id
                    WHERE holder.res_model = %s AND %s""",
                SQL.identifier(model._table),
                model._name,
                model._privacy_refuses_sql("other", channel),
            )
            for model in kinds
        )

    @api.model
    def _shared_sql(self, channel, kinds):
        """:param list kinds: models of subjects
        :return: SQL select of the addresses of several records: of one model, which an
            index on the column groups; of two; and all of those who have several"""
        columns = {model: model._privacy_identifying(channel) for model in kinds}
        within = [
            model._privacy_first_addresses_sql(column, group=True)
            for model, own in columns.items()
            for column in own.values()
        ]
        across = [
            SQL(
                "SELECT address FROM (%s) AS one (id, address)"
                " JOIN (%s) AS two (id, address) USING (address)",
                one._privacy_first_addresses_sql(columns[one][kind]),
                two._privacy_first_addresses_sql(columns[two][kind]),
            )
            for one, two in combinations(kinds, 2)
            for kind in sorted(columns[one].keys() & columns[two].keys())
        ]
        besides = [
            SQL("SELECT more.address FROM (%s) AS more (id, address)", more)
            for more in (model._privacy_more_addresses_sql() for model in kinds)
        ]
        return SQL(" UNION ").join([*within, *across, *besides])
