from odoo import api, models

from ..consent.consent_preference import CHANNELS


class ConsentPurpose(models.Model):
    """Below which questions people are offered less instead of none."""

    _inherit = "consent.purpose"

    def _privacy_about_messages(self):
        """The hook for modules that send messages which rely on these, and ask
        ``privacy.gate`` how many the person wants (PRF-1).

        :return: those of these that are about such messages
        """
        return self.browse()

    def _privacy_can_be_less(self):
        """:return: whether the person can want less of this one (PRF-1, PRF-2)"""
        return bool(self._privacy_about_messages() or self._privacy_own_channels())

    @api.model
    def _privacy_channels(self):
        """The hook for modules that ask, before they send marketing by a channel,
        whether the person wants it by that (PRF-2).

        :return: {channel, of ``CHANNELS``: field of consents that are about it}
        """
        return {}

    def _privacy_own_channels(self):
        """:return: list of the channels among which the person can choose: none where
        it is about one alone, to which no is the word"""
        self.ensure_one()
        ticks = self._privacy_channels()
        about = self.kind == "custom"
        own = [c for c in CHANNELS if about and c in ticks and self[ticks[c]]]
        return own if len(own) > 1 else []
