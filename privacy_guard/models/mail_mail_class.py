from odoo import api, fields, models

# Context keys. These two keep mail back and never let any pass, so it does no harm that
# a remote caller can set them.
AUTOMATIC = "privacy_automatic"
MARKETING = "privacy_marketing"
# These two count only with an object of the class below.
GIVEN = "privacy_class_given"
POSTED = "privacy_posted"

CLASSES = [
    ("owed", "Owed to the person"),
    ("hand", "Sent by hand"),
    ("automatic", "Automatic"),
    ("marketing", "Marketing"),
]


class Given(str):
    """A class of mail that code of ours gives. No remote caller can send one: what
    comes over RPC is plain text."""

    __slots__ = ()


def owed(records):
    """What these records send is owed to the person: an answer to their request, a
    code that they ask for, a receipt. It goes out whatever they have stopped.

    :param records: of any model
    :return: the same records; mail that is created through them passes the gate
    """
    return records.with_context(**{GIVEN: Given("owed")})


def copies_of_post(thread):
    """:return: the same records; mail created through them is copies of a message that
    is being posted"""
    return thread.with_context(**{POSTED: Given("hand")})


def note_classes(messages):
    """Store what each of these is. It is nobody's to set: whatever was passed when they
    were created is replaced.

    :param messages: records with the method ``_privacy_classify``
    """
    # superuser: whoever sends need not be able to write to the queue
    by_class = messages.sudo().grouped(lambda message: message._privacy_classify())
    for name, alike in by_class.items():
        alike.privacy_class = name


class MailMail(models.Model):
    """What kind of mail is this? It decides who may get it."""

    _inherit = "mail.mail"

    privacy_class = fields.Selection(
        CLASSES, readonly=True, copy=False, groups=fields.NO_ACCESS
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
            given = {GIVEN: Given(mail._privacy_mail_class())}
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
        if isinstance(context.get(GIVEN), Given):
            return str(context[GIVEN])
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
            isinstance(self.env.context.get(POSTED), Given)
            and message.message_type == "comment"
            and bool(message.model and message.res_id)
            and author == self.create_uid
            and author._is_internal()
            and not author._is_superuser()
        )

    def _privacy_mail_class(self):
        """:return: the class; mails that were queued before there were any have none"""
        return self.privacy_class or "automatic"
