"""The key file: the keys that protected values are encrypted with.

They live outside the database, in a JSON file that only Odoo may read, named by the
environment variable ``PRIVACY_GUARD_KEYRING``. The database holds ids of keys only, so
that a stolen copy of it, or of its backup, does not give the values away.
"""

import base64
import binascii
import fcntl
import json
import os
import pwd
import re
import secrets
import stat
import tempfile
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VARIABLE = "PRIVACY_GUARD_KEYRING"
COMMAND = "odoo privacy_keys"
FILE_VERSION = 1
KEY_BYTES = 32
KEY_ID = re.compile(r"[a-z0-9]{4,16}")
# UTC, to the second
DATE_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
# It is read whole: something that large is not a key file.
MAX_FILE_BYTES = 1 << 20


class KeyringError(Exception):
    """What is wrong with the keys and what to do about it, never a key."""


@dataclass(frozen=True)
class Key:
    id: str
    created: str  # as in DATE_FORMAT
    secret: bytes = field(repr=False)


class Keyring:
    """The keys of a file in order of their creation; the last one is active.

    Immutable but for what it caches. New values are encrypted with the active key; the
    others are there for the values that they once encrypted.
    """

    __slots__ = ("_keys", "_subkeys")

    def __init__(self, keys: Iterable[Key]):
        self._keys = {key.id: key for key in keys}
        self._subkeys = {}

    def __repr__(self):
        return f"<Keyring {', '.join(self.ids)}>"

    @property
    def keys(self) -> tuple[Key, ...]:
        return tuple(self._keys.values())

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._keys)

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

    def _secret(self, key_id):
        if key_id not in self._keys:
            raise KeyringError(
                f"Key {key_id} is missing: put the key file back that has it, "
                f"then see what needs it with `{COMMAND} check`."
            )
        return self._keys[key_id].secret


# path -> (what the file was like, what it held)
_loaded: dict[str, tuple[tuple, Keyring]] = {}


def load(path: str | os.PathLike | None = None) -> Keyring:
    """Read the key file, unless it is the same as when it was last read.

    Cheap enough for every use: a process sees at once what was rotated elsewhere.

    :param path: by default the one that the environment names
    :raise KeyringError: there is no usable key file
    """
    path = os.fspath(path or _path_from_environment())
    try:
        status = os.stat(path)
        _check_file(path, status)
        stamp = (status.st_mtime_ns, status.st_ino, status.st_size)
        known = _loaded.get(path)
        if known and known[0] == stamp:
            return known[1]
        with open(path, "rb") as file:
            content = file.read(MAX_FILE_BYTES)
    except FileNotFoundError:
        raise KeyringError(
            f"The key file {path} does not exist: put your copy back, or, if nothing "
            f"was ever encrypted, make one with `{COMMAND} create`."
        ) from None
    except OSError as error:
        raise KeyringError(
            f"The key file {path} cannot be read: {error.strerror}."
        ) from None
    keyring = _parse(path, content)
    _loaded[path] = (stamp, keyring)
    return keyring


def create(path: str | os.PathLike | None = None) -> Keyring:
    """Make a key file with one new key.

    :raise KeyringError: the file exists, or it cannot be written
    """
    path = _real_path(path)
    with _sole_writer(path):
        if os.path.lexists(path):
            raise KeyringError(
                f"The key file {path} exists: `{COMMAND} rotate` adds a key to it."
            )
        _save(path, [_new_key()])
    return load(path)


def rotate(path: str | os.PathLike | None = None) -> Keyring:
    """Add a new key, which becomes the active one; the others stay.

    :raise KeyringError: the file is not usable, or it cannot be written
    """
    path = _real_path(path)
    with _sole_writer(path):
        keyring = load(path)
        _save(path, [*keyring.keys, _new_key(keyring.ids)])
    return load(path)


def remove(key_id: str, path: str | os.PathLike | None = None) -> Keyring:
    """Take a key out. What it encrypted is lost: the caller makes sure of nothing.

    :raise KeyringError: the key is active or not there, the file is not usable, or it
        cannot be written
    """
    path = _real_path(path)
    with _sole_writer(path):
        keyring = load(path)
        if key_id not in keyring.ids:
            raise KeyringError(f"There is no key {key_id} in {path}.")
        if key_id == keyring.active_id:
            raise KeyringError(
                f"Key {key_id} is the active one: `{COMMAND} rotate` makes another one "
                "active."
            )
        _save(path, [key for key in keyring.keys if key.id != key_id])
    return load(path)


def _path_from_environment():
    path = os.environ.get(VARIABLE)
    if not path:
        raise KeyringError(
            f"The environment variable {VARIABLE} is not set: it must hold the path of "
            f"the key file. `{COMMAND} create --keyring PATH` makes one."
        )
    return path


def _real_path(path):
    """Behind symbolic links: replacing a link would leave the file as it is."""
    return os.path.realpath(path or _path_from_environment())


def _check_file(path, status):
    """Refuse a file that others than the user Odoo runs as can read or exchange."""
    if not stat.S_ISREG(status.st_mode):
        raise KeyringError(f"The key file {path} is not a regular file.")
    user = os.geteuid()
    if user not in (0, status.st_uid):
        raise KeyringError(
            f"The key file {path} belongs to another user: run "
            f"`chown {_user_name(user)} {path}`."
        )
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise KeyringError(
            f"The key file {path} can be read or changed by other users: run "
            f"`chmod 600 {path}`."
        )


def _user_name(user):
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:  # containers run as ids without a name
        return user


def _parse(path, content):
    """:return: the keyring that a file holds"""
    document = _json(content)
    if not isinstance(document, dict):
        raise KeyringError(
            f"The key file {path} is truncated or no JSON: put your copy back."
        )
    version = document.get("version")
    if version != FILE_VERSION:
        raise KeyringError(
            f"The key file {path} is of an unknown version, not {FILE_VERSION}: it was "
            "made by another version of Privacy Guard, or it is another kind of file."
        )
    entries = document.get("keys")
    if not isinstance(entries, list) or not entries:
        raise KeyringError(f"The key file {path} has no keys: put your copy back.")
    keys = [_parse_key(path, *numbered) for numbered in enumerate(entries, 1)]
    ids = [key.id for key in keys]
    for key_id in ids:
        if ids.count(key_id) > 1:
            raise KeyringError(f"The key file {path} has the key {key_id} twice.")
    return Keyring(keys)


def _json(content):
    # The exception would carry the whole text along, into tracebacks and reports.
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _parse_key(path, number, entry):
    entry = entry if isinstance(entry, dict) else {}
    key_id, created, secret = (entry.get(name) for name in ("id", "created", "key"))
    if not isinstance(key_id, str) or not KEY_ID.fullmatch(key_id):
        raise KeyringError(f"The key file {path} has no valid id for key {number}.")
    if not _is_date(created):
        raise KeyringError(f"The key file {path} has no valid date for key {key_id}.")
    secret = _decoded(secret)
    if len(secret) != KEY_BYTES:
        raise KeyringError(
            f"The key file {path} has no {KEY_BYTES} bytes in base64 for key {key_id}: "
            "put your copy back."
        )
    return Key(key_id, created, secret)


def _is_date(text):
    try:
        datetime.strptime(text, DATE_FORMAT)
    except (TypeError, ValueError):
        return False
    return True


def _decoded(text):
    try:
        return base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error):
        return b""


def _new_key(taken=()):
    # Random, so that a key of another installation is missing rather than wrong.
    while (key_id := secrets.token_hex(4)) in taken:
        pass
    created = datetime.now(timezone.utc).strftime(DATE_FORMAT)
    return Key(key_id, created, secrets.token_bytes(KEY_BYTES))


@contextmanager
def _sole_writer(path):
    """Let one process at a time change the file: two that rotate must not lose a key.

    The lock is on the folder, since the file is replaced.
    """
    try:
        folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise KeyringError(
            f"The key file {path} cannot be written: {error.strerror}."
        ) from None


def _save(path, keys):
    """Replace the file at once: whoever reads it sees all of the old or of the new."""
    entries = [
        {
            "id": key.id,
            "created": key.created,
            "key": base64.b64encode(key.secret).decode(),
        }
        for key in keys
    ]
    document = {"version": FILE_VERSION, "keys": entries}
    folder, name = os.path.split(path)
    # Made with mode 0600.
    handle, draft = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
    try:
        with os.fdopen(handle, "w") as file:
            _keep_owner(path, handle)
            json.dump(document, file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(handle)
        os.rename(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def _keep_owner(path, handle):
    """Root may rotate the file of the user that Odoo runs as, who must go on reading."""
    if os.geteuid() == 0 and os.path.exists(path):
        status = os.stat(path)
        os.fchown(handle, status.st_uid, status.st_gid)
