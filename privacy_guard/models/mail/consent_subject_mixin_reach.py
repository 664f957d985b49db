from odoo import api, models
from odoo.tools import SQL


class ConsentSubjectMixin(models.AbstractModel):
    """Who is reached, of whom a consent allows it (RCH-1).

    Made of the rules of the gate, so that what is counted is what would be sent.
    """

    _inherit = "consent.subject.mixin"

    @api.model
    def _privacy_unreached(self, alias, channel, at):
        """The hook for channels besides mail.

        :param str alias: of the subject's table
        :param str channel: of ``privacy.reach``
        :param at: the moment that is asked about
        :return: {code of ``privacy.reach``: SQL of when it holds} of what keeps
            marketing from a person by the channel, consents apart
        """
        address = SQL.identifier(alias, self._consent_email_field)
        return {
            "no_address": SQL("%s IS NULL", address),
            **self._privacy_marketing_obstacles(alias, at),
        }

    @api.model
    def _privacy_unreachable(self, alias):
        """:return: as :meth:`_privacy_unreached`, of what no consent outweighs"""
        refusals = self._privacy_mail_refusals_by_sql(alias)
        return {
            code: refusals[code] for code in ("erased", "stopped", "erasure_requested")
        }

    @api.model
    def _privacy_counted_elsewhere(self, alias):
        """:return: as :meth:`_privacy_unreached`, of records that count nobody whom
        another one does not count, or whom nobody writes to"""
        duplicate = self._consent_ineligibilities(alias)["duplicate"]
        return {"duplicate": duplicate, **self._consent_archived_sql(alias)}

    # ------------------------------------------------------------------
    # Several records of a person
    # ------------------------------------------------------------------

    @api.model
    def _privacy_known_addresses_sql(self, channel):
        """:param str channel: of ``privacy.reach``
        :return: SQL select of (id, address) of all records; the first address is read
            by itself, since few have others"""
        first = SQL.identifier("subject", self._consent_email_field)
        return SQL(
            """
            SELECT subject.id, %(first)s FROM %(table)s subject
             WHERE %(first)s IS NOT NULL
             UNION ALL
            SELECT subject.id, own.address
              FROM %(table)s subject CROSS JOIN LATERAL (%(own)s) AS own (address)
             WHERE (subject.privacy_other_addresses IS NOT NULL
                    OR subject.proven_email IS NOT NULL)
               AND own.address IS DISTINCT FROM %(first)s
            """,
            first=first,
            table=SQL.identifier(self._table),
            own=self._privacy_addresses_sql("subject"),
        )

    @api.model
    def _privacy_refuses_sql(self, alias, channel):
        """:return: SQL of whether a record keeps marketing from all who share its
        address"""
        refusals = self._privacy_mail_refusals_by_sql(alias).values()
        return SQL("(%s)", SQL(" OR ").join(refusals))
