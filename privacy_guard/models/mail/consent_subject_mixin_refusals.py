from odoo import api, models
from odoo.tools import SQL

from ...constants import PENDING_REQUEST
from ..consent.consent_record_end import ALLOWING


class ConsentSubjectMixin(models.AbstractModel):
    """What keeps mail from a person."""

    _inherit = "consent.subject.mixin"

    @api.model
    def _privacy_mail_refusals_by_sql(self, alias):
        """The one rule of what keeps mail back; other modules add to it.

        :param alias: of the subject's table
        :return: {refusal reason of `privacy.gate`: SQL of when it holds}
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
    def _privacy_channel_refusals_by_sql(self, alias, covers):
        """What keeps messages of another channel back: as with mail, but for the
        consents, which are about one channel.

        :param covers: as of ``privacy.gate._channel_refusals``
        """
        missing = self._consent_missing_sql(alias, covers) if covers else SQL("TRUE")
        return {
            **self._privacy_mail_refusals_by_sql(alias),
            "no_marketing_consent": missing,
        }

    @api.model
    def _privacy_erasure_requested_sql(self, alias):
        """:return: SQL of whether the person has asked for erasure, not executed yet"""
        return SQL(
            """EXISTS (SELECT FROM privacy_request_subject asked
                         JOIN privacy_request request ON request.id = asked.request_id
                        WHERE asked.res_model = %s
                          AND asked.res_id = %s
                          AND request.kind = 'erasure'
                          AND request.state = ANY(%s))""",
            self._name,
            SQL.identifier(alias, "id"),
            list(PENDING_REQUEST),
        )

    @api.model
    def _privacy_no_marketing_sql(self, alias):
        """:return: SQL of whether the person wants no marketing mail: something keeps
        it from them, or no consent about e-mail allows it"""
        obstacles = self._privacy_marketing_obstacles(alias).values()
        missing = self._consent_missing_sql(alias, "covers_email")
        return SQL("(%s)", SQL(" OR ").join([*obstacles, missing]))

    @api.model
    def _privacy_marketing_obstacles(self, alias, at=None):
        """What keeps marketing mail from a person, whatever they have agreed to: the
        address is not proven to be theirs, their opt-in does not suffice, or the
        address is on Odoo's own blacklist, whatever the sender ticks.

        :param at: the moment that is asked about, now by default
        :return: {code of ``privacy.reach``: SQL of when it holds}
        """
        return {
            "unproven_address": self._privacy_unproven_sql(alias, at),
            "opted_out": self._privacy_insufficient_opt_in_sql(alias),
            "blacklisted": self._consent_blacklisted_sql(alias),
        }

    @api.model
    def _consent_blacklisted_sql(self, alias):
        return SQL(
            """(EXISTS (SELECT FROM mail_blacklist black
                         WHERE black.active AND black.email = %(first)s)
                -- few have others: apart from the first ones, looked up all at once
                OR %(others)s IS NOT NULL AND EXISTS (
                   SELECT FROM mail_blacklist black
                    WHERE black.active AND black.email = ANY(ARRAY(
                          SELECT jsonb_array_elements_text(%(others)s)))))""",
            first=SQL.identifier(alias, self._consent_email_field),
            others=SQL.identifier(alias, "privacy_other_addresses"),
        )

    @api.model
    def _consent_missing_sql(self, alias, covers):
        """:param str covers: the field of purposes that are about the matter
        :return: SQL of whether such consents apply to the person and none allows it;
            never NULL, so that what stands behind it is looked up of few"""
        return SQL(
            """(SELECT COALESCE(bool_and(consent.value = 'refused'
                                OR %s NOT IN %s
                                   AND purpose.default_selection = 'no'), FALSE)
                  FROM consent_record consent
                  JOIN consent_purpose purpose ON purpose.id = consent.purpose_id
                 WHERE consent.res_model = %s
                   AND consent.res_id = %s
                   AND consent.value <> 'not_applicable'
                   AND purpose.active
                   AND purpose.%s
                   AND purpose.kind = 'custom')""",
            self.env["consent.record"]._value_sql("consent"),
            ALLOWING,
            self._name,
            SQL.identifier(alias, "id"),
            SQL.identifier(covers),
        )

    @api.model
    def _privacy_colleague_sql(self, alias):
        """:return: SQL of whether the person works for the company"""
        return SQL("FALSE")

    @api.model
    def _privacy_kept_sql(self, address):
        """:return: SQL of whether another record than duplicates has an address"""
        return SQL(
            """EXISTS (SELECT FROM %s kept
                        WHERE kept.%s = %s AND kept.privacy_status <> 'duplicate')""",
            SQL.identifier(self._table),
            SQL.identifier(self._consent_email_field),
            address,
        )

    @api.model
    def _privacy_refusals_sql(self, by_sql, ids, addresses, relevant, key):
        """:param dict by_sql: {reason: SQL of when it holds for the alias "subject"}
        :param ids: of the model
        :param addresses: normalised ones
        :param relevant: the reasons that matter
        :param SQL key: what the rows begin with
        :return: SQL of rows of the key, address, refusal reason and whether it is about
            a colleague, of the subjects with these ids or addresses; that a record is a
            duplicate keeps nothing from the address of the one that it duplicates"""
        self.flush_model()
        conditions = [
            SQL("(%s, %s)", code, condition)
            for code, condition in by_sql.items()
            if code in relevant
        ]
        return SQL(
            """
            -- one row per reason and address: of most people there is none
            SELECT %(key)s,
                   CASE WHEN reason.code <> 'duplicate' OR NOT %(kept)s
                        THEN own.address END,
                   reason.code, %(colleague)s
              FROM %(table)s subject
             CROSS JOIN LATERAL (VALUES %(conditions)s) AS reason (code, holds)
             CROSS JOIN LATERAL (%(own)s) AS own (address)
             WHERE (subject.id = ANY(%(ids)s) OR %(has_address)s) AND reason.holds
            """,
            key=key,
            kept=self._privacy_kept_sql(SQL("own.address")),
            own=self._privacy_addresses_sql("subject"),
            has_address=self._privacy_has_address_sql("subject", addresses),
            colleague=self._privacy_colleague_sql("subject"),
            table=SQL.identifier(self._table),
            conditions=SQL(", ").join(conditions),
            ids=list(ids),
        )
