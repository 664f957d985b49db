from odoo import api, models
from odoo.tools import SQL


class ConsentSubjectMixin(models.AbstractModel):
    """What the answers of a person mean for marketing mail."""

    _inherit = "consent.subject.mixin"

    @api.model
    def _consent_known_sql(self, purpose, key, values):
        """:param str key: column that tells the people, the one of addresses or "id"
        :param values: of that column
        :return: SQL select of (key, whether processing has stopped, value of the
            consent, NULL where it does not apply)"""
        return SQL(
            """
            SELECT subject.%(key)s,
                   subject.privacy_status IN ('stopped', 'erased'),
                   NULLIF(consent.value, 'not_applicable')
              FROM %(table)s subject
         LEFT JOIN consent_record consent
                ON consent.res_model = %(model)s
               AND consent.res_id = subject.id
               AND consent.purpose_id = %(purpose)s
             WHERE subject.%(key)s = ANY(%(values)s)
               AND subject.privacy_status <> 'duplicate'
            """,
            key=SQL.identifier(key),
            table=SQL.identifier(self._table),
            model=self._name,
            purpose=purpose.id or 0,
            values=list(values),
        )

    @api.model
    def _consent_preferred_sql(self, purposes, key, values):
        """:param purposes: ``consent.purpose`` that a message relies on
        :param key, values: as of :meth:`_consent_known_sql`
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
               AND subject.%(key)s = ANY(%(values)s)
               AND subject.privacy_status <> 'duplicate'
            """,
            key=SQL.identifier(key),
            table=SQL.identifier(self._table),
            model=self._name,
            purposes=purposes.ids,
            values=list(values),
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
