"""Encryption of values at rest: AES-256-GCM with keys of a keyring.

An encrypted field stores ``pg1:<key id>:<blind index>:<payload>`` in its column. The
payload is nonce, ciphertext and tag in base64url. The blind index is a keyed hash of
the value: equal values have equal ones, which makes them searchable by
``split_part(column, ':', 3)``, and says nothing else about them. A sealed value is
``pgs1:<key id>:<payload>``.

Each field, and each use of it, has keys of its own. The tag covers everything besides
the ciphertext: format, field, key id, index. So a value that was altered, given
another index, or moved to another field does not decrypt. It covers no record: who can
write to the table can exchange the values of two records.
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

VERSION = "pg1"
SEALED_VERSION = "pgs1"
NONCE_BYTES = 12
TAG_BYTES = 16
INDEX_BYTES = 16
INDEX_LENGTH = 22  # base64 of INDEX_BYTES without padding
# base64 of a nonce, a tag and no text
MIN_PAYLOAD_LENGTH = 40
# what an altered text can raise on its way to the tag
MALFORMED = (InvalidTag, ValueError, TypeError, AttributeError)


# The cipher of a key, and what its tags cover before the index
Opener = tuple[AESGCM, bytes]


class CipherError(Exception):
    """A stored value is not what was once encrypted; the text never quotes it."""


class FieldCipher:
    """Encrypts and decrypts the values of one field.

    Make it once per keyring and field: it keeps what it derives.

    :param model: name of the model whose table has the column
    :param field: name of the field
    """

    __slots__ = ("_keyring", "_context", "_active", "_openers", "_indexers")

    def __init__(self, keyring: Keyring, model: str, field: str):
        self._keyring = keyring
        self._context = f"{VERSION},{model},{field}"
        self._active = keyring.active_id
        self._openers: dict[str, Opener] = {}  # by what values under a key begin with
        self._indexers: dict[str, hmac.HMAC] = {}

    def encrypt(self, text: str) -> str:
        """:return: what to store, different each time"""
        if "\0" in text:
            # PostgreSQL could not take the text back when encryption is turned off.
            raise ValueError("A text with a NUL character cannot be stored.")
        key_id = self._active
        aead, header = self._opener(key_id)
        index = self._index(key_id, text)
        nonce = os.urandom(NONCE_BYTES)
        data = aead.encrypt(nonce, text.encode(), header + index.encode())
        payload = _to_text(nonce + data)
        return f"{VERSION}:{key_id}:{index}:{payload}"

    def decrypt(self, stored: str) -> str:
        """:return: the text that was encrypted
        :raise KeyringError: its key is missing
        :raise CipherError: it was altered, belongs to another field, or its key has
            changed under the same id
        """
        # Lists decrypt thousands at once: each of these lines counts.
        try:
            head, index, payload = stored.rsplit(":", 2)
            aead, header = self._openers.get(head) or self._opener_of(stored)
            # as base64.urlsafe_b64decode does, in half the time
            data = a2b_base64(payload.replace("-", "+").replace("_", "/"))
            text = aead.decrypt(
                data[:NONCE_BYTES], data[NONCE_BYTES:], header + index.encode()
            )
            return text.decode()
        except MALFORMED:
            raise CipherError(self._complaint(stored)) from None

    def indexes(self, text: str) -> list[str]:
        """:return: the blind index of a value under every key, to search for it"""
        return [self._index(key_id, text) for key_id in self._keyring.ids]

    def needs_rotation(self, stored: str) -> bool:
        """:return: whether an encrypted value is still under an older key"""
        return not stored.startswith(f"{VERSION}:{self._active}:")

    def _opener(self, key_id: str) -> Opener:
        """:return: the cipher of a key, and what its tags cover before the index"""
        head = f"{VERSION}:{key_id}"
        opener = self._openers.get(head)
        if opener is None:
            subkey = self._keyring.subkey(key_id, f"{self._context},encrypt")
            opener = (AESGCM(subkey), f"{self._context},{key_id},".encode())
            self._openers[head] = opener
        return opener

    def _opener_of(self, stored: str) -> Opener:
        if not is_encrypted(stored):
            raise ValueError
        return self._opener(stored.split(":")[1])

    def _index(self, key_id: str, text: str) -> str:
        indexer = self._indexers.get(key_id)
        if indexer is None:
            subkey = self._keyring.subkey(key_id, f"{self._context},index")
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
            "it was altered, or the key file has another key under this id."
        )

    def _field_name(self) -> str:
        return ".".join(self._context.split(",")[1:])


def is_encrypted(stored: object) -> bool:
    """:return: whether a column's value has the form that `encrypt` gives

    Says nothing about whether it decrypts: anyone can type such a text.
    """
    if not isinstance(stored, str) or not stored.startswith(f"{VERSION}:"):
        return False
    parts = stored.split(":")
    return (
        len(parts) == 4
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
