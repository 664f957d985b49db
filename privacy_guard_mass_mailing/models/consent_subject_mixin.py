from odoo import api, models
from odoo.tools import SQL


class ConsentSubjectMixin(models.AbstractModel):
    """What the answers of a person mean for marketing mail."""

    _inherit = "consent.subject.mixin"

    @api.model
    def _known_consents_sql(self, purpose, addresses):
        """:return: SQL select of (address, whether processing has stopped, value of the
        consent, NULL where it does not apply)"""
        return SQL(
            """
            SELECT subject.%(address)s,
                   subject.privacy_status IN ('stopped', 'erased'),
                   NULLIF(consent.value, 'not_applicable')
              FROM %(table)s subject
         LEFT JOIN consent_record consent
                ON consent.res_model = %(model)s
               AND consent.res_id = subject.id
               AND consent.purpose_id = %(purpose)s
             WHERE subject.%(address)s = ANY(%(addresses)s)
               AND subject.privacy_status <> 'duplicate'
            """,
            address=SQL.identifier(self._consent_email_field),
            table=SQL.identifier(self._table),
            model=self._name,
            purpose=purpose.id or 0,
            addresses=list(addresses),
        )

    def _leave_mailing_lists(self, purpose):
        """Who refuses is taken off the lists that rely on the consent."""
        result = super()._leave_mailing_lists(purpose)
        if addresses := self._mailed_addresses():
            # superuser: the person's answer binds whoever happens to record it
            self.env["mailing.list"].sudo()._privacy_opt_out({purpose.id}, addresses)
        return result

    def _forget_engagement(self, scope):
        """Who refuses is no longer known to have opened."""
        result = super()._forget_engagement(scope)
        if scope == "email" and (addresses := self._mailed_addresses()):
            # superuser: as above
            self.env["mailing.trace"].sudo()._privacy_scrub(self, addresses)
        return result

    def _mailed_addresses(self):
        return {address for address in self._addresses().values() if address}
