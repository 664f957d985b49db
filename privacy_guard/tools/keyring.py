"""The keys that protected values are encrypted with, and checkpoints signed.

They live outside the database, in a file that only Odoo may read: the one that the
environment variable ``PRIVACY_GUARD_KEYRING`` names, or else the one beside Odoo's
configuration or among its data. The database holds ids of keys only, so
that a stolen copy of it, or of its backup, does not give the values away.
"""

import os
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timezone

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from . import installation, keyring_file
from .installation import VARIABLE, hint
from .keyring_file import (
    DATE_FORMAT,
    ENCRYPTING,
    KEY_BYTES,
    SIGNING,
    Key,
    KeyringError,
)

Path = str | os.PathLike[str]


class Keyring:
    """The keys of a file in order of their creation; the last one is active.

    Immutable but for what it caches. New values are encrypted with the active key; the
    others are there for the values that they once encrypted. Keys that sign are apart.
    """

    __slots__ = ("_keys", "_subkeys", "all_keys")

    def __init__(self, keys: Iterable[Key]):
        self.all_keys = tuple(keys)
        self._keys = {key.id: key for key in self.all_keys if key.kind == ENCRYPTING}
        self._subkeys: dict[tuple[str, str], bytes] = {}

    def __repr__(self) -> str:
        return f"<Keyring {', '.join(self.ids)}>"

    @property
    def keys(self) -> tuple[Key, ...]:
        return tuple(self._keys.values())

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._keys)

    @property
    def signing_keys(self) -> tuple[Key, ...]:
        """All of them sign: who has the verifier key of one can go on checking."""
        return tuple(key for key in self.all_keys if key.kind == SIGNING)

    @property
    def active_id(self) -> str:
        return self.ids[-1]

    def subkey(self, key_id: str, context: str) -> bytes:
        """Derive a key that is good for one use only (HKDF-SHA256, RFC 5869).

        :param context: names the use; other contexts give unrelated keys
        :return: 32 bytes
        :raise KeyringError: there is no such key
        """
        subkey = self._subkeys.get((key_id, context))
        if subkey is None:
            kdf = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=context.encode())
            subkey = kdf.derive(self._secret(key_id))
            self._subkeys[key_id, context] = subkey
        return subkey

    def _secret(self, key_id: str) -> bytes:
        if key_id not in self._keys:
            raise KeyringError(
                f"Key {key_id} is missing: put the key file back that has it. "
                f"{hint('check')} says what needs it."
            )
        return self._keys[key_id].secret


# path -> (what the file was like, what it held)
_loaded: dict[str, tuple[keyring_file.Stamp, Keyring]] = {}


def load(path: Path | None = None) -> Keyring:
    """Read the key file, unless it is the same as when it was last read.

    Cheap enough for every use: a process sees at once what was rotated elsewhere.

    :param path: by default the one in use
    :raise KeyringError: there is no usable key file
    """
    name = os.fspath(path or path_in_use())
    stamp = keyring_file.stamp(name)
    known = _loaded.get(name)
    if known and known[0] == stamp:
        return known[1]
    keyring = Keyring(keyring_file.read(name))
    _loaded[name] = (stamp, keyring)
    return keyring


def create(path: Path | None = None) -> Keyring:
    """Make a key file with one new key.

    :raise KeyringError: the file exists, or it cannot be written
    """
    name = os.path.realpath(path or path_for_new())
    with keyring_file.sole_writer(name):
        if os.path.lexists(name):
            raise KeyringError(
                f"The key file {name} exists: {hint('rotate')} adds a key to it."
            )
        keyring_file.save(name, [_new_key()])
    return load(name)


def rotate(path: Path | None = None, kind: str = ENCRYPTING) -> Keyring:
    """Add a new key, which becomes the active one of its kind; the others stay.

    :raise KeyringError: the file is not usable, or it cannot be written
    """
    name = _real_path(path)
    with keyring_file.sole_writer(name):
        keyring = load(name)
        taken = [key.id for key in keyring.all_keys]
        keyring_file.save(name, [*keyring.all_keys, _new_key(taken, kind)])
    return load(name)


def remove(key_id: str, path: Path | None = None) -> Keyring:
    """Take a key out. The caller makes sure that nothing needs it any more.

    :raise KeyringError: the key is active or not there, the file is not usable, or it
        cannot be written
    """
    name = _real_path(path)
    with keyring_file.sole_writer(name):
        keyring = load(name)
        check_removable(keyring, key_id)
        kept = [key for key in keyring.all_keys if key.id != key_id]
        keyring_file.save(name, kept)
    return load(name)


def check_removable(keyring: Keyring, key_id: str) -> None:
    """:raise KeyringError: the key is not there, or it is the active one"""
    signing = [key.id for key in keyring.signing_keys]
    if key_id not in (*keyring.ids, *signing):
        raise KeyringError(f"There is no key {key_id} in the key file.")
    if signing and key_id == signing[-1]:
        raise KeyringError(
            f"Key {key_id} signs: {hint('sign')} adds another one first."
        )
    if key_id == keyring.active_id:
        raise KeyringError(
            f"Key {key_id} is the active one: {hint('rotate')} makes another one "
            "active."
        )


def path_in_use() -> str:
    """:raise KeyringError: there is no key file, and the environment names none"""
    if path := os.environ.get(VARIABLE):
        return path
    for place in installation.here.places:
        if os.path.lexists(place):
            return place
    named = () if installation.here.places else ("--keyring", "PATH")
    create = hint("create", *named)
    raise KeyringError(
        f"There is no key file: the environment variable {VARIABLE} is not set, which "
        f"holds its path. {create} makes one."
    )


def path_for_new() -> str:
    """:return: where a new key file goes
    :raise KeyringError: Odoo may write to none of the folders that it would look in
    """
    if path := os.environ.get(VARIABLE):
        return path
    for place in installation.here.places:
        if os.access(os.path.dirname(place), os.W_OK):
            return place
    raise KeyringError(
        f"The environment variable {VARIABLE} is not set, which holds the path of the "
        f"key file. {hint('create', '--keyring', 'PATH')} makes one."
    )


def cosigning_seed(key: Key, name: str) -> bytes:
    """Derive the key with which a witness signs (HKDF-SHA256, RFC 5869): it may be that
    of no log, nor that of a witness of another name, as cosignatures do not say it.

    :param key: one that signs
    :param name: of the witness
    :return: 32 bytes
    """
    info = f"privacy_guard cosignature/v1 {name}".encode()
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info).derive(key.secret)


def _real_path(path: Path | None) -> str:
    # Replacing a symbolic link would leave the file behind it as it is.
    return os.path.realpath(path or path_in_use())


def _new_key(taken: Collection[str] = (), kind: str = ENCRYPTING) -> Key:
    # Random, so that a key of another installation is missing rather than wrong.
    while (key_id := secrets.token_hex(4)) in taken:
        pass
    created = datetime.now(timezone.utc).strftime(DATE_FORMAT)
    return Key(key_id, created, secrets.token_bytes(KEY_BYTES), kind)
