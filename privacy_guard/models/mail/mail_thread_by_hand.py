from odoo import models
from odoo.http import request

from ...constants import MANUAL_RECIPIENTS
from ...fields.mail_class import copies_of_post, without_class


class Written:
    """What the request under way has written by hand to people outside the company."""

    def __init__(self):
        self.forget()

    def forget(self):
        """What is rolled back, to be tried again perhaps, was not written."""
        self.documents = set()
        self.people = set()
        self.message_ids = set()
        self.note_ids = {}  # by the id of the mail that they tell of

    def is_many(self):
        """:return: whether nobody has looked at each person before it was sent"""
        return len(self.documents) > 1 or len(self.people) > MANUAL_RECIPIENTS


def written(env):
    """:return: the `Written` that goes on; a new one where there is no request, as
    nothing connects what is written there"""
    if not request:
        return Written()
    state = getattr(request, "privacy_written", None)
    if not isinstance(state, Written):
        state = request.privacy_written = Written()
    env.cr.postrollback.add(state.forget)
    return state


class MailThread(models.AbstractModel):
    """What a request posts on several documents, or to more than a few people outside
    the company, was not written to each of them: whoever loops, and whatever type of
    message they name."""

    _inherit = "mail.thread"

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        """What is to be sent later is written now."""
        is_later = bool(kwargs.get("scheduled_date"))
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        if is_later and (outside := self._privacy_outside(recipients)):
            self._privacy_note_written(message, outside)
        return recipients

    def _notify_thread_by_email(self, message, recipients_data, **kwargs):
        """The one place where a posted message becomes mail."""
        outside = self._privacy_outside(recipients_data)
        thread = without_class(self)
        if not outside or self._privacy_note_written(message, outside):
            thread = copies_of_post(thread, message)
        return super(MailThread, thread)._notify_thread_by_email(
            message, recipients_data, **kwargs
        )

    def _privacy_outside(self, recipients_data):
        """:return: list of the ids and addresses of people outside the company"""
        return [
            data["id"] or data["email_normalized"]
            for data in recipients_data
            if data["share"]
        ]

    def _privacy_note_written(self, message, people):
        """:param people: ids and addresses of people outside the company
        :return: whether it may be by hand; if not, nothing of the request is any more
        """
        # superuser: how messages were written is nobody's to read
        message = message.sudo()
        if not message.privacy_by_hand:
            return len(people) <= MANUAL_RECIPIENTS
        state = written(self.env)
        state.documents.add((message.model, message.res_id))
        state.people.update(people)
        state.message_ids.add(message.id)
        if not state.is_many():
            return True
        self._privacy_take_back_by_hand(state)
        return False

    def _privacy_take_back_by_hand(self, state):
        """The mails that were made before leave when the request is over, as a rule."""
        # superuser: as above
        messages = self.env["mail.message"].sudo()
        messages = messages.browse(sorted(state.message_ids)).exists()
        messages.privacy_by_hand = False
        mails = self.env["mail.mail"].sudo()
        mails = mails.search(
            [
                ("mail_message_id", "in", messages.ids),
                ("privacy_class", "=", "manual"),
                ("state", "=", "outgoing"),
            ]
        )
        mails.privacy_class = "automatic"
        mails._privacy_apply_gate()
        # what they say was not sent
        told = [id_ for mail in mails for id_ in state.note_ids.pop(mail.id, ())]
        self.env["mail.message"].sudo().browse(told).exists().unlink()
        state.message_ids.clear()
