from odoo import api, models
from odoo.tools import SQL

from ...constants import PENDING_REQUEST


class ConsentSubjectMixin(models.AbstractModel):
    """What stands between a person and a mail (spec: Which mail may still be sent)."""

    _inherit = "consent.subject.mixin"

    @api.model
    def _privacy_mail_refusals_by_sql(self, alias):
        """The one rule of what keeps mail back; other modules add to it.

        :param alias: of the subject's table
        :return: {obstacle of `privacy.gate`: SQL of when it holds}
        """
        status = SQL.identifier(alias, "privacy_status")
        return {
            "erased": SQL("%s = 'erased'", status),
            "stopped": SQL("%s = 'stopped'", status),
            "duplicate": SQL("%s = 'duplicate'", status),
            "erasure_requested": self._privacy_erasure_requested_sql(alias),
            "no_marketing_consent": self._privacy_no_marketing_sql(alias),
        }

    @api.model
    def _privacy_erasure_requested_sql(self, alias):
        """:return: SQL of whether the person has asked for erasure, not executed yet"""
        return SQL(
            """EXISTS (SELECT FROM privacy_request request
                        WHERE request.res_model = %s
                          AND request.res_id = %s
                          AND request.kind = 'erasure'
                          AND request.state = ANY(%s))""",
            self._name,
            SQL.identifier(alias, "id"),
            list(PENDING_REQUEST),
        )

    @api.model
    def _privacy_no_marketing_sql(self, alias):
        """No consent about e-mail allows it; or the address is on Odoo's own blacklist,
        whatever the sender ticks.

        :return: SQL of whether the person wants no marketing mail
        """
        return SQL(
            """(EXISTS (SELECT FROM mail_blacklist black
                         WHERE black.active AND black.email = %s)
                OR %s)""",
            SQL.identifier(alias, self._consent_email_field),
            self._consent_missing_sql(alias, "covers_email"),
        )

    @api.model
    def _consent_missing_sql(self, alias, covers):
        """:param str covers: the field of purposes that are about the matter
        :return: SQL of whether such consents apply to the person and none allows it"""
        return SQL(
            """(SELECT bool_and(consent.value = 'refused'
                                OR consent.value <> 'granted'
                                   AND purpose.default_selection = 'no')
                  FROM consent_record consent
                  JOIN consent_purpose purpose ON purpose.id = consent.purpose_id
                 WHERE consent.res_model = %s
                   AND consent.res_id = %s
                   AND consent.value <> 'not_applicable'
                   AND purpose.active
                   AND purpose.%s
                   AND purpose.kind = 'custom')""",
            self._name,
            SQL.identifier(alias, "id"),
            SQL.identifier(covers),
        )

    @api.model
    def _privacy_colleague_sql(self, alias):
        """:return: SQL of whether the person works for the company"""
        return SQL("FALSE")

    @api.model
    def _privacy_mail_refusals_sql(self, ids, addresses, relevant):
        """:return: SQL of rows of the id of a contact, address, obstacle and whether it
        is about a colleague, of the subjects with these ids or addresses"""
        by_sql = self._privacy_mail_refusals_by_sql("subject")
        contact = SQL("subject.id" if self._name == "res.partner" else "NULL::int")
        return self._privacy_refusals_sql(by_sql, ids, addresses, relevant, contact)

    @api.model
    def _privacy_refusals_sql(self, by_sql, ids, addresses, relevant, key):
        """:param dict by_sql: {obstacle: SQL of when it holds for the alias "subject"}
        :param SQL key: what the rows begin with
        :return: otherwise as :meth:`_privacy_mail_refusals_sql`"""
        self.flush_model()
        conditions = [
            SQL("(%s, %s)", code, condition)
            for code, condition in by_sql.items()
            if code in relevant
        ]
        return SQL(
            """
            SELECT %(key)s, subject.%(address)s, obstacle.code, %(colleague)s
              FROM %(table)s subject
             CROSS JOIN LATERAL (VALUES %(conditions)s) AS obstacle (code, holds)
             WHERE (subject.id = ANY(%(ids)s)
                    OR subject.%(address)s = ANY(%(addresses)s))
               AND obstacle.holds
            """,
            key=key,
            address=SQL.identifier(self._consent_email_field),
            colleague=self._privacy_colleague_sql("subject"),
            table=SQL.identifier(self._table),
            conditions=SQL(", ").join(conditions),
            ids=list(ids),
            addresses=list(addresses),
        )
