from odoo import api, fields, models

# Context keys. These two keep mail back and never let any pass, so it does no harm that
# a remote caller can set them.
AUTOMATIC = "privacy_automatic"
MARKETING = "privacy_marketing"
# These two count only with the object below, which no remote caller can send.
OWED = "privacy_owed"
POSTED = "privacy_posted"
_BY_US = object()

CLASSES = [
    ("owed", "Owed to the person"),
    ("hand", "Sent by hand"),
    ("automatic", "Automatic"),
    ("marketing", "Marketing"),
]


def owed(records):
    """What these records send is owed to the person: an answer to their request, a
    code that they ask for, a receipt. It goes out whatever they have stopped.

    :param records: of any model
    :return: the same records; mail that is created through them passes the gate
    """
    return records.with_context(**{OWED: _BY_US})


def copies_of_post(thread):
    """:return: the same records; mail created through them is copies of a message that
    is being posted"""
    return thread.with_context(**{POSTED: _BY_US})


class MailMail(models.Model):
    """What kind of mail is this? It decides who may get it."""

    _inherit = "mail.mail"

    privacy_class = fields.Selection(
        CLASSES, readonly=True, copy=False, groups=fields.NO_ACCESS
    )

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        # superuser: nobody's to set, so that whatever was passed is replaced here
        by_class = mails.sudo().grouped(lambda mail: mail._privacy_classify())
        for name, alike in by_class.items():
            alike.privacy_class = name
        return mails

    def _privacy_classify(self):
        """The one rule of what a mail is; modules that send marketing extend it.

        It looks at where the mail comes from and what is stored, not at what a caller
        says: remote callers can only make the rule stricter.

        :return: a class of ``privacy.gate``
        """
        self.ensure_one()
        context = self.env.context
        if context.get(OWED) is _BY_US:
            return "owed"
        if context.get(MARKETING):
            return "marketing"
        if context.get(AUTOMATIC) or not self._privacy_is_by_hand():
            return "automatic"
        return "hand"

    def _privacy_is_by_hand(self):
        """:return: whether it is the copy of a message that a user of the company posts
        at this moment on a document"""
        message = self.mail_message_id
        author = message.create_uid
        return (
            self.env.context.get(POSTED) is _BY_US
            and message.message_type == "comment"
            and bool(message.model and message.res_id)
            and author == self.create_uid
            and author._is_internal()
            and not author._is_superuser()
        )

    def _privacy_mail_class(self):
        """:return: the class; mails that were queued before there were any have none"""
        return self.privacy_class or "automatic"
