from odoo import models

from ...fields.mail_class import is_copy_of_post, of_class


class MailMail(models.Model):
    """What kind of mail is this? A user writes by hand what they post on a document."""

    _name = "mail.mail"
    _inherit = ["mail.mail", "privacy.message.mixin"]

    def _privacy_with_class(self):
        """:return: the same mail; a copy of it to its recipients is of its class"""
        return of_class(self, self._privacy_message_class(), self._privacy_recipients())

    def _privacy_is_by_hand(self):
        """:return: whether it is the copy of a message that a user of the company posts
        at this moment on a document"""
        message = self.mail_message_id
        author = message.create_uid
        return (
            is_copy_of_post(self, message)
            and message.message_type == "comment"
            and bool(message.model and message.res_id)
            and author == self.create_uid
            and author._is_internal()
            and not author._is_superuser()
        )
