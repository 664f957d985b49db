from odoo import api, models


class ConsentSubjectMixin(models.AbstractModel):
    _inherit = "consent.subject.mixin"

    @api.model
    def _sms_obstacles_by_sql(self, alias):
        """What keeps text messages back: as with mail, but for the consents that are
        about them.

        :param alias: of the subject's table
        :return: {obstacle of `privacy.gate`: SQL of when it holds}
        """
        return {
            **self._mail_obstacles_by_sql(alias),
            "unwilling": self._no_consent_sql(alias, "covers_sms"),
        }
