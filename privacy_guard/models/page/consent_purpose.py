from odoo import models


class ConsentPurpose(models.Model):
    """Below which questions people are offered less instead of none."""

    _inherit = "consent.purpose"

    def _privacy_about_messages(self):
        """The hook for modules that send messages which rely on these, and ask
        ``privacy.gate`` how many the person wants (PRF-1).

        :return: those of these that are about such messages
        """
        return self.browse()
