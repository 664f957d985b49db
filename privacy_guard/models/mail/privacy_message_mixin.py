from odoo import fields, models

from ...constants import MAIL_CLASSES, MARKETING
from ...fields.mail_class import given_class, spend_class


class PrivacyMessageMixin(models.AbstractModel):
    """What kind of message is this? It decides who may get it.

    For the models of outgoing messages, of whatever kind. Whoever extends one of them
    calls :meth:`_privacy_note_class` on new records, before the gate is asked.
    """

    _name = "privacy.message.mixin"
    _description = "Outgoing message"

    privacy_class = fields.Selection(
        MAIL_CLASSES, readonly=True, copy=False, groups=fields.NO_ACCESS
    )

    def _privacy_note_class(self):
        """Store what each of these is. It is nobody's to set: whatever was passed when
        they were created is replaced."""
        # superuser: whoever sends need not be able to write to the queue
        by_class = self.sudo().grouped(lambda message: message._privacy_classify())
        for name, messages in by_class.items():
            messages.privacy_class = name
        spend_class(self.sudo())

    def _privacy_classify(self):
        """The one rule of what a message is; modules that send marketing extend it.

        It looks at where the message comes from and what is stored, not at what a
        caller says: remote callers can only make the rule stricter.

        :return: a class of ``privacy.gate``
        """
        self.ensure_one()
        if given := given_class(self):
            return given
        if self.env.context.get(MARKETING):
            return "marketing"
        return "manual" if self._privacy_is_by_hand() else "automatic"

    def _privacy_recipients(self):
        """:return: set of whom it goes to, as the gate knows them: ids of contacts, and
        addresses or numbers"""
        raise NotImplementedError

    def _privacy_is_by_hand(self):
        """:return: whether a user wrote it to the person"""
        return False

    def _privacy_message_class(self):
        """:return: the class; what was queued before there were any has none"""
        return self.privacy_class or "automatic"

    def _privacy_place_name(self):
        """:return: what the places of this message are known by, see
        ``privacy.message.place``"""
        return f"{self._name},{self.id}"

    def _privacy_is_marketing_due(self):
        """:return: whether it is about to leave and may have to wait: of a mailing, or
        what a user sends to many people without one"""
        is_due = self.state == "outgoing"
        return is_due and self._privacy_message_class() == "marketing"
