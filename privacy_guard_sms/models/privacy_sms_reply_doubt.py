from odoo import api, fields, models
from odoo.exceptions import AccessError

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

    def _close(self, state, user):
        """:param user: the officer who has decided it, if one had to"""
        decided = {"decided_at": fields.Datetime.now(), "user_id": user and user.id}
        self._set({"state": state, **decided})
        # superuser: the activity may be another officer's
        self.sudo().activity_ids.unlink()

    def _ask_officer(self):
        """One activity for a number, however much comes from it."""
        owner = self.company_id._privacy_owner(self)
        if owner and not self._open().activity_ids:
            # in the language of whom it is for
            reply = self.with_context(lang=owner.lang)
            reply.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.deadline,
                summary=reply.env._("Is this a refusal?"),
                user_id=owner.id,
            )

    def action_refuse(self):
        """It is a no, as all that waits from the same number.

        :raise AccessError: for anybody but a privacy officer
        """
        self._check_officer()
        for replies in self._by_number():
            # superuser: a no binds more people than the officer may see
            replies[0].sudo()._refuse(self.env.user)

    def action_dismiss(self):
        """It is none, as all that waits from the same number: what was held back goes.

        :raise AccessError: for anybody but a privacy officer
        """
        self._check_officer()
        self._open()._close("harmless", self.env.user)

    def _by_number(self):
        """:return: list of recordsets"""
        # superuser: as above
        grouped = (self & self._open()).sudo().grouped("number")
        return [replies.with_env(self.env) for replies in grouped.values()]

    def _check_officer(self):
        self.check_access("read")
        if not self.env.user.has_group("privacy_guard.group_privacy_officer"):
            raise AccessError(
                self.env._("Only privacy officers decide what people meant.")
            )
