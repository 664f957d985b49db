from odoo import api, fields, models

from ...constants import AUTOMATIC, MAIL_CLASSES, MARKETING
from ...fields.mail_class import POSTED, TRUSTED_CLASS, TrustedMailClass, note_classes


class MailMail(models.Model):
    """What kind of mail is this? It decides who may get it."""

    _inherit = "mail.mail"

    privacy_class = fields.Selection(
        MAIL_CLASSES, readonly=True, copy=False, groups=fields.NO_ACCESS
    )

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        note_classes(mails)
        return mails

    def copy(self, default=None):
        """Core splits a mail to send it in portions, which are what the mail was."""
        if not self.env.su:
            return super().copy(default)
        copies = self.browse()
        for mail in self:
            given = {TRUSTED_CLASS: TrustedMailClass(mail._privacy_mail_class())}
            copies += super(MailMail, mail.with_context(**given)).copy(default)
        return copies.with_env(self.env)

    def _privacy_classify(self):
        """The one rule of what a mail is; modules that send marketing extend it.

        It looks at where the mail comes from and what is stored, not at what a caller
        says: remote callers can only make the rule stricter.

        :return: a class of ``privacy.gate``
        """
        self.ensure_one()
        context = self.env.context
        if isinstance(context.get(TRUSTED_CLASS), TrustedMailClass):
            return str(context[TRUSTED_CLASS])
        if context.get(MARKETING):
            return "marketing"
        if context.get(AUTOMATIC) or not self._privacy_is_by_hand():
            return "automatic"
        return "manual"

    def _privacy_is_by_hand(self):
        """:return: whether it is the copy of a message that a user of the company posts
        at this moment on a document"""
        message = self.mail_message_id
        author = message.create_uid
        return (
            isinstance(self.env.context.get(POSTED), TrustedMailClass)
            and message.message_type == "comment"
            and bool(message.model and message.res_id)
            and author == self.create_uid
            and author._is_internal()
            and not author._is_superuser()
        )

    def _privacy_mail_class(self):
        """:return: the class; mails that were queued before there were any have none"""
        return self.privacy_class or "automatic"
