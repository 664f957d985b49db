from collections import Counter

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_datetime, split_every

from ...attempts import attempt_each
from ...notifications import RELOAD, notification
from .consent_asking import BATCH_SIZE
from .consent_campaign import REQUEST


def pass_over(_item, _reason):
    """Who is held says so by itself, as busy."""


class ConsentSubjectMixin(models.AbstractModel):
    """Asking by a user: the button, and what it answers."""

    _inherit = "consent.subject.mixin"

    @api.model
    def _consent_lang_sql(self, alias):
        """:return: SQL of the code of the subject's language"""
        if "lang" not in self._fields:
            return SQL("NULL::varchar")
        return SQL.identifier(alias, "lang")

    @api.model
    def _consent_company_sql(self, alias):
        """:return: SQL of the id of the company that asks for purposes without one"""
        if "company_id" not in self._fields:
            return SQL("NULL::int")
        return SQL.identifier(alias, "company_id")

    def _consent_ask(self):
        """Ask these people now what is due (T3), in the user's name.

        Callers check that the user may: nothing here does. People of whom another
        transaction holds a row are left out, and the others asked.

        :return: those who were asked
        """
        if not self.env["privacy.gate"]._is_enabled():
            raise UserError(
                self.env._("Consents are not enabled. See Settings > Privacy.")
            )
        asked = []
        for ids in split_every(BATCH_SIZE, self.ids, list):
            for some in attempt_each(
                self, ids, self._consent_ask_batch, pass_over, passing=Exception
            ):
                asked += some
        return self.browse(asked)

    @api.model
    def _consent_ask_batch(self, ids):
        """:return: ids of those asked"""
        # superuser: to evaluate and record consents is the system's right alone
        self.env["consent.record"].sudo()._sync(self._name, ids=ids)
        asking = self.env["consent.asking"].sudo()
        return asking._ask(
            REQUEST, self._name, ids, source="user", user_id=self.env.uid
        )

    def action_send_consent_request(self):
        """Button and list action *Send consent request*."""
        if not self.env.user.has_group("privacy_guard.group_privacy_user"):
            raise AccessError(
                self.env._("Only privacy users may send consent requests.")
            )
        self.check_access("read")
        asked = self._consent_ask()
        reasons = (self - asked)._consent_ineligibility_reasons()
        if len(self) == 1 and reasons:
            raise UserError(self._consent_ineligibility_message(reasons[self.id]))
        return self._consent_asked_notification(asked, reasons)

    def _consent_ineligibility_message(self, reason):
        message = self.env._(
            "%(contact)s was not asked: %(reason)s",
            contact=self.display_name,
            reason=reason,
        )
        if not self.consent_requested_at:
            return message
        last = format_datetime(self.env, self.consent_requested_at)
        return message + "\n" + self.env._("Last request: %s", last)

    @api.model
    def _consent_asked_notification(self, asked, reasons):
        return notification(
            self._consent_asked_message(asked, reasons),
            RELOAD,
            title=self.env._("Consent request"),
            type="success" if asked else "warning",
            sticky=bool(reasons),
        )

    @api.model
    def _consent_asked_message(self, asked, reasons):
        lines = [self.env._("%s contacts are being asked.", len(asked))]
        if len(asked) == 1:
            lines = [self.env._("%s is being asked.", asked.display_name)]
        lines += [
            self.env._("Not asked: %(count)s, %(reason)s", count=count, reason=reason)
            for reason, count in sorted(Counter(reasons.values()).items())
        ]
        return " ".join(lines)
