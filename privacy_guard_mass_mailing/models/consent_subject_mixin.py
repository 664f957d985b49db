from odoo import api, models
from odoo.tools import SQL


class ConsentSubjectMixin(models.AbstractModel):
    """What the answers of a person mean for marketing mail."""

    _inherit = "consent.subject.mixin"

    @api.model
    def _consent_known_sql(self, purpose, key, asked):
        """:param str key: column that tells the people, the one of addresses or "id"
        :param SQL asked: set of values of that column, each once
        :return: SQL select of (key, whether processing has stopped, value of the
            consent, NULL where it does not apply)"""
        return SQL(
            """
            SELECT subject.%(key)s,
                   subject.privacy_status IN ('stopped', 'erased'),
                   NULLIF(%(value)s, 'not_applicable')
              FROM %(asked)s AS asked (key)
              JOIN %(table)s subject ON subject.%(key)s = asked.key
         LEFT JOIN consent_record consent
                ON consent.res_model = %(model)s
               AND consent.res_id = subject.id
               AND consent.purpose_id = %(purpose)s
             WHERE subject.privacy_status <> 'duplicate'
            """,
            value=self.env["consent.record"]._value_sql("consent"),
            key=SQL.identifier(key),
            table=SQL.identifier(self._table),
            model=self._name,
            purpose=purpose.id or 0,
            asked=asked,
        )

    @api.model
    def _consent_preferred_sql(self, purposes, key, asked):
        """:param purposes: ``consent.purpose`` that a message relies on
        :param key, asked: as of :meth:`_consent_known_sql`
        :return: SQL select of (key, until when the person pauses, their limit, what
            they do not want it by)"""
        return SQL(
            """
            SELECT subject.%(key)s, preference.paused_until, preference.most,
                   preference.without
              FROM consent_preference preference
              JOIN %(table)s subject ON subject.id = preference.res_id
             WHERE preference.res_model = %(model)s
               AND preference.purpose_id = ANY(%(purposes)s)
               AND subject.%(key)s IN (SELECT %(asked)s)
               AND subject.privacy_status <> 'duplicate'
            """,
            key=SQL.identifier(key),
            table=SQL.identifier(self._table),
            model=self._name,
            purposes=purposes.ids,
            asked=asked,
        )

    @api.model
    def _privacy_unreached(self, alias, channel, at):
        """What keeps a mailing back besides: it goes to all addresses of a person, of
        which one alone is known to be theirs, and by a setting to nobody who may not
        be tracked."""
        reasons = super()._privacy_unreached(alias, channel, at)
        if channel == "mail":
            others = SQL.identifier(alias, "privacy_other_addresses")
            reasons["several_addresses"] = SQL("%s IS NOT NULL", others)
            if self.env["privacy.gate"]._needs_tracking_consent():
                reasons["untracked"] = self._privacy_untracked_sql(alias)
        return reasons

    @api.model
    def _privacy_untracked_sql(self, alias):
        """:return: SQL of whether a person has not said yes to tracking; whom the
        consent does not apply to need not"""
        purpose = self.env["privacy.gate"]._tracking_purpose()
        return SQL(
            """EXISTS (SELECT FROM consent_record tracking
                        WHERE tracking.res_model = %s AND tracking.res_id = %s
                          AND tracking.purpose_id = %s
                          AND tracking.value NOT IN ('granted', 'not_applicable'))""",
            self._name,
            SQL.identifier(alias, "id"),
            purpose.filtered("active").id or 0,
        )

    def _privacy_leave_mailing_lists(self, purpose):
        """Who refuses is taken off the lists that rely on the consent."""
        result = super()._privacy_leave_mailing_lists(purpose)
        if addresses := self._privacy_marketing_addresses():
            # superuser: the person's answer binds whoever happens to record it
            self.env["mailing.list"].sudo()._privacy_opt_out({purpose.id}, addresses)
        return result

    def _privacy_forget_engagement(self, scope):
        """Who refuses is no longer known to have opened."""
        result = super()._privacy_forget_engagement(scope)
        if scope == "email":
            # superuser: as above
            traces = self.env["mailing.trace"].sudo()
            traces._privacy_scrub(self, self._privacy_marketing_addresses())
        return result

    def _privacy_marketing_addresses(self):
        """:return: set of where marketing may reach them, as `privacy.gate` knows it"""
        return set().union(*self._privacy_own_addresses().values())
