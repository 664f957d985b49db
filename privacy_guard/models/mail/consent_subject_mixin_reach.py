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
    def _privacy_identifying(self, channel):
        """:param str channel: of ``privacy.reach``
        :return: {kind of address: SQL of the column, of the alias "subject"} of what
            records of one person have in common"""
        return {"mail": SQL.identifier("subject", self._consent_email_field)}

    @api.model
    def _privacy_first_addresses_sql(self, column, group=False):
        """:param SQL column: of :meth:`_privacy_identifying`
        :param bool group: nothing but what several records have
        :return: SQL select of (id, address), or of (address,)"""
        return SQL(
            "SELECT %s FROM %s subject WHERE %s IS NOT NULL %s",
            column if group else SQL("subject.id, %s", column),
            SQL.identifier(self._table),
            column,
            SQL("GROUP BY 1 HAVING count(*) > 1" if group else ""),
        )

    @api.model
    def _privacy_more_addresses_sql(self):
        """:return: SQL select of (id, address) of addresses besides the first: few have
        any"""
        return SQL(
            """
            SELECT subject.id, own.address
              FROM %(table)s subject CROSS JOIN LATERAL (%(own)s) AS own (address)
             WHERE (subject.privacy_other_addresses IS NOT NULL
                    OR subject.proven_email IS NOT NULL)
               AND own.address IS DISTINCT FROM %(first)s
            """,
            first=SQL.identifier("subject", self._consent_email_field),
            table=SQL.identifier(self._table),
            own=self._privacy_addresses_sql("subject"),
        )

    @api.model
    def _privacy_refuses_sql(self, alias, channel):
        """:return: SQL of whether a record keeps marketing from all who share its
        address"""
        refusals = self._privacy_mail_refusals_by_sql(alias)
        return self._privacy_any_sql(refusals)

    @api.model
    def _privacy_any_sql(self, refusals):
        """:param dict refusals: {refusal reason: SQL of when it holds}
        :return: SQL of whether one holds that is about more than the record itself"""
        conditions = [sql for code, sql in refusals.items() if code != "duplicate"]
        return SQL("(%s)", SQL(" OR ").join(conditions))
