from odoo import api, models


class ConsentSubjectMixin(models.AbstractModel):
    _inherit = "consent.subject.mixin"

    @api.model
    def _privacy_sms_refusals_by_sql(self, alias):
        """What keeps text messages back: as with mail, but for the consents that are
        about them.

        :param alias: of the subject's table
        :return: {refusal reason of `privacy.gate`: SQL of when it holds}
        """
        return {
            **self._privacy_mail_refusals_by_sql(alias),
            "no_marketing_consent": self._consent_missing_sql(alias, "covers_sms"),
        }
