import re
import time

from odoo import api, models
from odoo.tools import consteq, hash_sign, hmac, verify_hash_signed

# What a token looks like; anything else is refused before it is decoded.
TOKEN = re.compile(r"[A-Za-z0-9_-]{40,1024}")
DEFAULT_DAYS = 365
# for how long links withdraw that give nothing any more (TIM-2)
WITHDRAWING_DAYS = 2 * 365
# uses of links that withdraw, beside others or alone
WITHDRAWING = ("preferences", "one_click", "why", "feedback")
DAY = 24 * 60 * 60
# how much of what a link says of its address is the digest; the rest is sealed
DIGEST = 32
# for how long after it was made a link proves that the address is the visitor's now
FRESH_SECONDS = 60 * 60
# the use of a link that is sent to the last proven address of a person
FORMER_ADDRESS = "former_address"


class PrivacyPreferencesLink(models.AbstractModel):
    """Personal links: signed, expiring, void as soon as the address changes, but for
    refusing (`_refusing()`).

    A link proves control of one address. Its payload names the record it was made
    for, that record's ``preferences_version`` (raised to void what was sent before),
    a keyed digest of the address, the address sealed, and when it was made; nobody who
    does not have the database reads an address or its name out of it, and it is stored
    nowhere.
    """

    _name = "privacy.preferences.link"
    _description = "Personal link to the preferences page"

    @api.model
    def _scope(self, purpose):
        """:return: signature scope, so that a link for one use is void for another, and
        one that the original signed in a neutralised copy"""
        # a setting that only whoever neutralises makes
        parameters = self.env["ir.config_parameter"].sudo()
        salt = parameters.get_param("privacy_guard.link_salt")
        return f"privacy_guard.{salt}.{purpose}" if salt else f"privacy_guard.{purpose}"

    @api.model
    def _may_be_token(self, text):
        """:return: whether a text looks like what ``hash_sign`` makes of a few ids"""
        return bool(TOKEN.fullmatch(text or ""))

    @api.model
    def _token(self, subject, purpose="preferences"):
        """Sign a link for one person.

        :param subject: the record that the mail goes to
        :param str purpose: what the link is for, such as "preferences"
        :return: the token, "" when the person has no address to prove
        """
        payload = self._payload(subject, purpose)
        if not payload:
            return ""
        # superuser: the signing key is no user's to read
        return hash_sign(
            self.env(su=True),
            self._scope(purpose),
            payload,
            expiration_hours=self._signed_days(purpose) * 24,
        )

    @api.model
    def _payload(self, subject, purpose="preferences"):
        """:return: what a link says about a record now, None without an address"""
        # superuser: no group may read the version
        subject = subject.sudo()
        # who lost an address proves by the one they had
        former = purpose == FORMER_ADDRESS
        address = subject["proven_email" if former else subject._consent_email_field]
        if not address:
            return None
        # the mail to the former address outlives further changes
        version = 0 if former else subject.preferences_version or 0
        proof = self._address_digest(address) + self._sealed_address(address)
        return [subject._name, subject.id, version, proof, int(time.time())]

    @api.model
    def _address_digest(self, address):
        # superuser: the signing key is no user's to read
        return hmac(self.env(su=True), self._scope("address"), address)[:DIGEST]

    @api.model
    def _link_days(self):
        """:return: for how many days a link works; a setting, never unlimited"""
        return int(self.env["consent.run"]._number("link_days", 0)) or DEFAULT_DAYS

    @api.model
    def _signed_days(self, purpose):
        """:return: for how many days a link does anything at all: what withdraws
        outlives what shows and grants"""
        days = self._link_days()
        withdraws = purpose.split(".")[0] in WITHDRAWING
        return max(days, WITHDRAWING_DAYS) if withdraws else days

    @api.model
    def _verify(self, token, purpose="preferences"):
        """Read a token, whatever was typed.

        :return: its payload when the signature holds, it has not expired and it is
            still current; else None, which tells nobody why
        """
        payload = self._read(token, purpose)
        if not self._subject(payload, purpose):
            return None
        is_old = payload[4] <= time.time() - self._link_days() * DAY
        return None if is_old else payload

    @api.model
    def _read(self, token, purpose="preferences"):
        """:return: the payload of a token whose signature holds and which still
        withdraws, whoever it is about by now; else None"""
        if not self._may_be_token(token):
            return None
        try:
            return verify_hash_signed(self.env(su=True), self._scope(purpose), token)
        except ValueError:
            # what base64, UTF-8, JSON and the format version raise on garbage
            return None

    @api.model
    def _is_fresh(self, payload):
        """:return: whether the mail with this link has just been sent, so that whoever
        opened it reads the address now; others prove it by a code"""
        return payload[4] > time.time() - FRESH_SECONDS

    @api.model
    def _subject(self, payload, purpose="preferences"):
        """Check again what a link said when it was opened.

        :param payload: from :meth:`_verify`, perhaps kept in a session since
        :return: the record, or the one that it was merged into, as superuser; empty
            when the address changed, the links were revoked or the record is gone; None
            when the payload is no payload
        """
        model = self._model_of(payload)
        if model is None:
            return None
        subject = self._merged_into(model, payload[1])
        current = subject and self._payload(subject, purpose)
        if not current or current[2] != payload[2]:
            return model.browse()
        is_same = consteq(current[3][:DIGEST], payload[3][:DIGEST])
        return subject if is_same else model.browse()

    @api.model
    def _model_of(self, payload):
        """:return: the model of the record that a link was made for, as superuser; None
        when the payload is no payload"""
        if not isinstance(payload, list) or len(payload) != 5:
            return None
        if payload[0] not in self.env["consent.record"]._subject_models():
            return None
        # superuser: whoever holds the link stands for the person, not for a user
        return self.env[payload[0]].sudo().with_context(active_test=False)

    @api.model
    def _subjects(self, subject):
        """Everything kept under the address that the link proves control of.

        :param subject: record of :meth:`_subject`
        :return: list of recordsets, one per model, without duplicates (DUP-2)
        """
        return self._subjects_at(subject[subject._consent_email_field])

    @api.model
    def _proven(self, subjects):
        """Of whom more can be done than to refuse (IDN-3).

        :param list subjects: recordsets
        :return: list of recordsets: those of these whose address is proven
        """
        proven = [persons._privacy_proven() for persons in subjects]
        return [persons for persons in proven if persons]

    @api.model
    def _subjects_at(self, address):
        """:param str address: canonical
        :return: list of recordsets, one per model, without duplicates, as superuser,
            of whom the address identifies: whoever reads mail at one of several is
            perhaps not who reads it at the others
        """
        found = []
        for name in self.env["consent.record"]._subject_models():
            model = self.env[name].sudo().with_context(active_test=False)
            domain = [
                (model._consent_email_field, "=", address),
                ("privacy_status", "!=", "duplicate"),
            ]
            if subjects := address and model.search(domain, order="id"):
                found.append(subjects)
        return found
