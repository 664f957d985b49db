from odoo import api, models

from odoo.addons.privacy_guard.extending import masking_everyone, value_behind


class PrivacySmsReply(models.Model):
    """In doubt it stops, and an officer says what was meant."""

    _inherit = "privacy.sms.reply"

    @api.model
    def _held(self, numbers=None):
        """:return: set of those of the numbers, or of all, of which somebody has to
        read something first"""
        among = [] if numbers is None else [("number", "in", list(numbers))]
        # superuser: it binds whoever sends, whoever sees a mask of it
        doubts = self.sudo().search_fetch([("state", "=", "doubt"), *among], ["number"])
        with masking_everyone(self.env, False):
            return {str(value_behind(doubt.number)) for doubt in doubts}

    def _open(self):
        """:return: what waits to be read, of the same numbers, and is the user's to
        see"""
        # superuser: the number tells which, and may be nobody's to read
        numbers = self.sudo().mapped("number")
        domain = [("state", "=", "doubt"), ("number", "in", numbers)]
        return self.sudo().search(domain).with_env(self.env)._filtered_access("read")

    def action_refuse(self):
        """It is a no, as all that waits from the same number.

        :raise AccessError: for anybody but a privacy officer
        """
        self._check_officer()
        for replies in self._by_number():
            # superuser: a no binds more people than the officer may see
            replies[0].sudo()._refuse(self.env.user)

    def _by_number(self):
        """:return: list of recordsets"""
        # superuser: as above
        grouped = (self & self._open()).sudo().grouped("number")
        return [replies.with_env(self.env) for replies in grouped.values()]
