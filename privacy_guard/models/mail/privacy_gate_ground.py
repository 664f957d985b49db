from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..consent.consent_record_end import ALLOWING


class Ground(NamedTuple):
    """What a marketing message to one person rests on.

    The event is the last one of the chain, and the text the last that it names: the
    events say so, not the row, which somebody may have altered (EVI-1).
    """

    res_model: str
    res_id: int
    purpose_id: int | None = None
    event_id: int | None = None
    notice_id: int | None = None


class PrivacyGate(models.AbstractModel):
    """Why may this person get marketing? (EVI-5)"""

    _inherit = "privacy.gate"

    @api.model
    def _grounds(self, addresses, covers, purpose):
        """What marketing to these addresses rests on, in one query. Whether it may go
        there at all is asked before.

        :param addresses: normalised ones, or numbers
        :param str covers: field of the consents that are about the channel
        :param purpose: the ``consent.purpose`` that the message relies on; empty when
            any that is about the channel will do
        :return: {address: Ground}, of each the consent that was granted, and last;
            addresses that no consent speaks for are left out
        """
        if not addresses:
            return {}
        self.env["consent.purpose"].flush_model()
        selects = self._grounds_selects(addresses, self._counts_sql(covers, purpose))
        rows = self.env.execute_query(
            SQL(
                "%s ORDER BY granted, event_id NULLS FIRST",
                SQL(" UNION ALL ").join(selects),
            )
        )
        # the best comes last
        return {address: Ground(*found) for address, *found, _granted in rows}

    @api.model
    def _counts_sql(self, covers, purpose):
        """:return: SQL condition on the alias ``purpose``, of whether it counts"""
        if purpose:
            return SQL("purpose.id = %s", purpose.id)
        return SQL("purpose.kind = 'custom' AND purpose.%s", SQL.identifier(covers))

    @api.model
    def _grounds_selects(self, addresses, counts):
        """The hook for addresses of other kinds.

        :param SQL counts: of :meth:`_counts_sql`
        :return: list of SQL selects of (address, the values of a Ground, granted)
        """
        selects = []
        for name in self.env["consent.record"]._subject_models():
            key = self.env[name]._consent_email_field
            selects.append(self._ground_sql(name, key, addresses, counts))
        return selects

    @api.model
    def _ground_sql(self, model, key, values, counts):
        """:param str key: column that tells the people, the one of addresses or "id"
        :param values: of that column
        :return: SQL select as of :meth:`_grounds_selects`, the key for the address"""
        self.env[model].flush_model()
        return SQL(
            """
            SELECT subject.%(key)s AS address, consent.res_model, consent.res_id,
                   consent.purpose_id, head.id AS event_id,
                   (SELECT event.notice_id FROM consent_event event
                     WHERE event.res_model = consent.res_model
                       AND event.res_id = consent.res_id
                       AND event.purpose_id = consent.purpose_id
                       AND event.notice_id IS NOT NULL
                  ORDER BY event.sequence DESC LIMIT 1),
                   %(value)s = 'granted' AS granted
              FROM %(table)s subject
              JOIN consent_record consent
                ON consent.res_model = %(model)s AND consent.res_id = subject.id
              JOIN consent_purpose purpose ON purpose.id = consent.purpose_id
         LEFT JOIN LATERAL (
                   SELECT event.id FROM consent_event event
                    WHERE event.res_model = consent.res_model
                      AND event.res_id = consent.res_id
                      AND event.purpose_id = consent.purpose_id
                 ORDER BY event.sequence DESC LIMIT 1) AS head ON TRUE
             WHERE subject.%(key)s = ANY(%(values)s)
               AND subject.privacy_status <> 'duplicate'
               AND (%(value)s IN %(allowing)s
                    OR consent.value NOT IN ('refused', 'not_applicable')
                       AND purpose.default_selection = 'yes')
               AND purpose.active AND %(counts)s
            """,
            value=self.env["consent.record"]._value_sql("consent"),
            allowing=ALLOWING,
            key=SQL.identifier(key),
            table=SQL.identifier(self.env[model]._table),
            model=model,
            values=list(values),
            counts=counts,
        )
