from odoo import models

from .privacy_gate import RULE_VERSION
from .privacy_gate_ground import Ground


class PrivacyMessageMixin(models.AbstractModel):
    """What marketing rests on (EVI-5)."""

    _inherit = "privacy.message.mixin"

    # what decisions call the channel, and the field of consents that are about it
    _privacy_channel = "mail"
    _privacy_covers = "covers_email"

    def _privacy_grounds(self):
        """What each marketing message among these rests on now.

        :return: {message, as superuser: {address: Ground}}; of an address that no
            consent speaks for it names the person, or the message
        """
        if not self.env["privacy.gate"]._is_enabled():
            return {}
        # superuser: whoever sends need not be able to read why they may
        marketing = self.sudo().filtered(
            lambda message: message._privacy_message_class() == "marketing"
        )
        found = {}
        for purpose, messages in marketing.grouped(
            lambda message: message._privacy_relied_on()
        ).items():
            found |= messages._privacy_grounds_of(purpose)
        return found

    def _privacy_grounds_of(self, purpose):
        """:param purpose: ``consent.purpose`` that all of these rely on, or none
        :return: as of :meth:`_privacy_grounds`"""
        sent_to = self._privacy_sent_to()
        everyone = {a for people in sent_to.values() for own in people for a in own[1]}
        known = self.env["privacy.gate"]._grounds(
            everyone, self._privacy_covers, purpose
        )
        found = {}
        for message, people in sent_to.items():
            found[message] = {}
            for partner_id, own in people:
                ground = next((known[a] for a in own if a in known), None)
                # without the named consent, it is a test that a colleague gets
                if ground or not purpose:
                    ground = ground or message._privacy_without_consent(partner_id)
                    found[message] |= dict.fromkeys(own, ground)
        return found

    def _privacy_relied_on(self):
        """The hook for mailings.

        :return: ``consent.purpose`` that this message relies on, empty if any about the
            channel will do"""
        return self.env["consent.purpose"]

    def _privacy_mailing(self):
        """The hook for mailings.

        :return: the record that many messages were made of, or None"""
        return None

    def _privacy_sent_to(self):
        """:return: {message: list of (id of a contact or None, its addresses)}"""
        raise NotImplementedError

    def _privacy_document(self):
        """:return: (model, id) of the record that this message is about"""
        return self._name, self.id

    def _privacy_without_consent(self, partner_id):
        """:return: ``Ground`` of whom no consent about the channel applies to"""
        document = self._privacy_document()
        return Ground("res.partner", partner_id) if partner_id else Ground(*document)

    def _privacy_decision_company(self):
        """:return: the company whose message this is"""
        return self.env.company

    def _privacy_decision(self, address, ground, moment):
        """:return: values of the ``privacy.decision`` about this message to an address,
        but for the hash of what is sent"""
        mailing = self._privacy_mailing()
        return {
            **ground._asdict(),
            "date": moment,
            "channel": self._privacy_channel,
            "message_class": self._privacy_message_class(),
            "rule_version": RULE_VERSION,
            "company_id": self._privacy_decision_company().id,
            "address_hash": self.env["consent.event"]._address_hash(address),
            "mailing_model": mailing and mailing._name,
            "mailing_id": mailing and mailing.id,
        }
