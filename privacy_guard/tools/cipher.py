"""Encryption of values at rest: AES-256-GCM with keys of a keyring.

An encrypted field stores ``pg2:<key id>:<blind index>:<payload>`` in its column. The
payload is nonce, ciphertext and tag in base64url. The blind index is a keyed hash of
the value: equal values have equal ones, which makes them searchable by
``split_part(column, ':', 3)``, and says nothing else about them. A sealed value is
``pgs1:<key id>:<payload>``.

Each field, and each use of it, has keys of its own. The tag covers everything besides
the ciphertext: format, field, key id, record, index. So a value that was altered, given
another index, or moved to another field or record does not decrypt (ENC-1).

Values of the first format, ``pg1``, were bound to no record: who could write to the
table could exchange two of them. They are read until all of a field have the new one.
"""

import base64
import hmac
import os
import unicodedata
from binascii import a2b_base64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .keyring import Keyring
from .keyring_file import KEY_ID

VERSION = "pg2"
UNBOUND_VERSION = "pg1"
VERSIONS = (VERSION, UNBOUND_VERSION)
SEALED_VERSION = "pgs1"
NONCE_BYTES = 12
TAG_BYTES = 16
INDEX_BYTES = 16
INDEX_LENGTH = 22  # base64 of INDEX_BYTES without padding
# base64 of a nonce, a tag and no text
MIN_PAYLOAD_LENGTH = 40
# what an altered text can raise on its way to the tag
MALFORMED = (InvalidTag, ValueError, TypeError, AttributeError)


# The cipher of a key, what its tags cover before record and index, and whether they
# cover the record
Opener = tuple[AESGCM, bytes, bool]


class CipherError(Exception):
    """A stored value is not what was once encrypted; the text never quotes it."""


class FieldCipher:
    """Encrypts and decrypts the values of one field.

    Make it once per keyring and field: it keeps what it derives.

    :param model: name of the model whose table has the column
    :param field: name of the field
    :param bound: whether values that are bound to no record are refused
    """

    __slots__ = ("_keyring", "_field", "_bound", "_active", "_openers", "_indexers")

    def __init__(
        self, keyring: Keyring, model: str, field: str, *, bound: bool = False
    ):
        self._keyring = keyring
        self._field = f"{model},{field}"
        self._bound = bound
        self._active = keyring.active_id
        self._openers: dict[str, Opener] = {}  # by what values under a key begin with
        self._indexers: dict[str, hmac.HMAC] = {}

    def encrypt(self, text: str, record_id: int) -> str:
        """:param record_id: of the only record in whose column it decrypts
        :return: what to store, different each time
        """
        if not record_id:
            raise ValueError("A value cannot be encrypted before its record has an id.")
        if "\0" in text:
            # PostgreSQL could not take the text back when encryption is turned off.
            raise ValueError("A text with a NUL character cannot be stored.")
        head = f"{VERSION}:{self._active}"
        aead, header, _has_record = self._opener(head)
        index = self._index(self._active, text)
        nonce = os.urandom(NONCE_BYTES)
        covered = header + f"{record_id},{index}".encode()
        payload = _to_text(nonce + aead.encrypt(nonce, text.encode(), covered))
        return f"{head}:{index}:{payload}"

    def decrypt(self, stored: str, record_id: int) -> str:
        """:param record_id: of the record whose column holds it
        :return: the text that was encrypted
        :raise KeyringError: its key is missing
        :raise CipherError: it was altered, belongs to another field or record, or its
            key has changed under the same id
        """
        # Lists decrypt thousands at once: each of these lines counts.
        try:
            head, index, payload = stored.rsplit(":", 2)
            opener = self._openers.get(head) or self._opener_of(stored)
            aead, header, has_record = opener
            covered = f"{record_id},{index}" if has_record else index
            # as base64.urlsafe_b64decode does, in half the time
            data = a2b_base64(payload.replace("-", "+").replace("_", "/"))
            text = aead.decrypt(
                data[:NONCE_BYTES], data[NONCE_BYTES:], header + covered.encode()
            )
            return text.decode()
        except MALFORMED:
            raise CipherError(self._complaint(stored)) from None

    def indexes(self, text: str) -> list[str]:
        """:return: the blind index of a value under every key, to search for it"""
        return [self._index(key_id, text) for key_id in self._keyring.ids]

    def needs_rotation(self, stored: str) -> bool:
        """:return: whether a value is under an older key, or bound to no record"""
        return not stored.startswith(f"{VERSION}:{self._active}:")

    def _opener(self, head: str) -> Opener:
        """:param head: format and key id, as values begin with
        :return: how values that begin so are encrypted and decrypted"""
        opener = self._openers.get(head)
        if opener is None:
            version, key_id = head.split(":")
            context = f"{version},{self._field}"
            subkey = self._keyring.subkey(key_id, f"{context},encrypt")
            header = f"{context},{key_id},".encode()
            opener = (AESGCM(subkey), header, version == VERSION)
            self._openers[head] = opener
        return opener

    def _opener_of(self, stored: str) -> Opener:
        if not is_encrypted(stored):
            raise ValueError
        if self._bound and not stored.startswith(f"{VERSION}:"):
            raise ValueError
        return self._opener(stored[: stored.index(":", len(VERSION) + 1)])

    def _index(self, key_id: str, text: str) -> str:
        indexer = self._indexers.get(key_id)
        if indexer is None:
            # as in the first format: one search finds the values of both
            use = f"{UNBOUND_VERSION},{self._field},index"
            subkey = self._keyring.subkey(key_id, use)
            indexer = hmac.new(subkey, digestmod="sha256")
            self._indexers[key_id] = indexer
        hashed = indexer.copy()
        # The same letters may be typed as one or as two characters.
        hashed.update(unicodedata.normalize("NFC", text).encode())
        return _to_text(hashed.digest()[:INDEX_BYTES])[:INDEX_LENGTH]

    def _complaint(self, stored: str) -> str:
        if not is_encrypted(stored):
            return f"A value of {self._field_name()} is not encrypted as it should be."
        key_id = stored.split(":")[1]
        return (
            f"A value of {self._field_name()} cannot be decrypted with key {key_id}: "
            "it was altered or belongs to another record, or the key file has another "
            "key under this id."
        )

    def _field_name(self) -> str:
        return self._field.replace(",", ".")


def is_encrypted(stored: object) -> bool:
    """:return: whether a column's value has the form that `encrypt` gives

    Says nothing about whether it decrypts: anyone can type such a text.
    """
    if not isinstance(stored, str):
        return False
    parts = stored.split(":")
    return (
        len(parts) == 4
        and parts[0] in VERSIONS
        and KEY_ID.fullmatch(parts[1]) is not None
        and len(parts[2]) == INDEX_LENGTH
        and len(parts[3]) >= MIN_PAYLOAD_LENGTH
        and len(parts[3]) % 4 == 0
    )


def seal(keyring: Keyring, context: str, data: bytes) -> str:
    """Encrypt bytes that are not searched.

    :param context: what they belong to; they can be unsealed with the same one only
    """
    key_id = keyring.active_id
    nonce = os.urandom(NONCE_BYTES)
    sealed = _sealer(keyring, key_id).encrypt(
        nonce, data, _seal_header(key_id, context)
    )
    return f"{SEALED_VERSION}:{key_id}:{_to_text(nonce + sealed)}"


def unseal(keyring: Keyring, context: str, sealed: str) -> bytes:
    """:return: the bytes that were sealed
    :raise KeyringError: the key is missing
    :raise CipherError: altered, sealed for something else, or its key has changed
    """
    try:
        version, key_id, payload = sealed.split(":")
        if version != SEALED_VERSION or not KEY_ID.fullmatch(key_id):
            raise ValueError
        data = base64.urlsafe_b64decode(payload)
        aead, header = _sealer(keyring, key_id), _seal_header(key_id, context)
        return aead.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], header)
    except MALFORMED:
        raise CipherError(
            "A sealed value cannot be opened: it was altered, was sealed for something "
            "else, or the key file has another key under its id."
        ) from None


def _sealer(keyring: Keyring, key_id: str) -> AESGCM:
    # One key for all of them: contexts are many, and deriving a key takes long.
    return AESGCM(keyring.subkey(key_id, SEALED_VERSION))


def _seal_header(key_id: str, context: str) -> bytes:
    return f"{SEALED_VERSION},{key_id},{context}".encode()


def _to_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()
