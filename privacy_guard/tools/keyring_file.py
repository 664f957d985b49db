"""The key file on disk: its format, who may read it, and how it is replaced.

JSON: ``{"version": 1, "keys": [{"id": ..., "created": ..., "key": ...}]}``, the keys in
order of their creation, each 32 bytes in base64. With a key that signs, which has
``"kind": "signing"`` besides, the version is 2: who knows the first version alone would
encrypt with it.
"""

import base64
import fcntl
import json
import os
import pwd
import re
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from .installation import hint

VERSION, VERSION_WITH_SIGNING = 1, 2
ENCRYPTING, SIGNING = "encrypting", "signing"  # kinds of keys
KEY_BYTES = 32
KEY_ID = re.compile(r"[a-z0-9]{4,16}")
# UTC, to the second
DATE_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
# It is read whole: something larger is no key file.
MAX_BYTES = 1 << 20
PUT_BACK = "put your copy back"


class KeyringError(Exception):
    """What is wrong with the keys and what to do about it, never a key."""


# When it was written, which file it is, how long it is
Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Key:
    id: str
    created: str  # as in DATE_FORMAT
    secret: bytes = field(repr=False)
    kind: str = ENCRYPTING


def stamp(path: str) -> Stamp:
    """Check that the file is Odoo's alone.

    :return: what differs as soon as the content does
    :raise KeyringError: it is not there, or others can read or exchange it
    """
    status = _status(path)
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
    return status.st_mtime_ns, status.st_ino, status.st_size


def read(path: str) -> list[Key]:
    """:raise KeyringError: it holds no usable keys"""
    with _complaining(path, "read"), open(path, "rb") as file:
        document = _json(file.read(MAX_BYTES))
    if not isinstance(document, dict):
        raise KeyringError(f"The key file {path} is truncated or no JSON: {PUT_BACK}.")
    if document.get("version") not in (VERSION, VERSION_WITH_SIGNING):
        raise KeyringError(
            f"The key file {path} is not of version {VERSION} or "
            f"{VERSION_WITH_SIGNING}: a later Privacy Guard made it, or it is another "
            "kind of file."
        )
    entries = document.get("keys")
    if not isinstance(entries, list) or not entries:
        raise KeyringError(f"The key file {path} has no keys: {PUT_BACK}.")
    keys = [_key(path, number, entry) for number, entry in enumerate(entries, 1)]
    ids = [key.id for key in keys]
    for key_id in ids:
        if ids.count(key_id) > 1:
            raise KeyringError(f"The key file {path} has key {key_id} twice.")
    if not any(key.kind == ENCRYPTING for key in keys):
        raise KeyringError(f"The key file {path} has no key that encrypts: {PUT_BACK}.")
    return keys


def save(path: str, keys: Sequence[Key]) -> None:
    """Replace the file at once: whoever reads it sees all of the old or of the new.

    To be called by its :func:`sole_writer`.
    """
    folder, name = os.path.split(path)
    # made with mode 0600
    handle, draft = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
    try:
        with os.fdopen(handle, "w") as file:
            _keep_owner(path, handle)
            file.write(_text(keys))
            file.flush()
            os.fsync(handle)
        os.rename(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


@contextmanager
def sole_writer(path: str) -> Iterator[None]:
    """Let one process at a time change the file: two that rotate must not lose a key.

    The lock is on the folder, since the file itself is replaced.
    """
    with _complaining(path, "written"):
        folder = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
            os.fsync(folder)
        finally:
            os.close(folder)


def _status(path: str) -> os.stat_result:
    with _complaining(path, "read"):
        try:
            return os.stat(path)
        except FileNotFoundError:
            raise KeyringError(
                f"There is no key file {path}: {PUT_BACK}, or, if nothing was ever "
                f"encrypted, make one with {hint('create')}."
            ) from None


@contextmanager
def _complaining(path: str, action: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise KeyringError(
            f"The key file {path} cannot be {action}: {error.strerror}."
        ) from None


def _user_name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:  # containers have users without a name
        return str(user)


def _json(content: bytes) -> object:
    # The exception would carry the whole text along, into tracebacks and reports.
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _key(path: str, number: int, entry: object) -> Key:
    entry = entry if isinstance(entry, dict) else {}
    key_id, created, text = (entry.get(name) for name in ("id", "created", "key"))
    if not isinstance(key_id, str) or not KEY_ID.fullmatch(key_id):
        raise KeyringError(f"The key file {path} has no valid id for key {number}.")
    if not isinstance(created, str) or not _is_date(created):
        raise KeyringError(f"The key file {path} has no valid date for key {key_id}.")
    kind = entry.get("kind", ENCRYPTING)
    if kind not in (ENCRYPTING, SIGNING):
        raise KeyringError(f"The key file {path} has no known kind for key {key_id}.")
    secret = _decoded(text)
    if len(secret) != KEY_BYTES:
        raise KeyringError(
            f"The key file {path} has no {KEY_BYTES} bytes in base64 for key {key_id}: "
            f"{PUT_BACK}."
        )
    return Key(key_id, created, secret, kind)


def _is_date(text: str) -> bool:
    try:
        datetime.strptime(text, DATE_FORMAT)
    except ValueError:
        return False
    return True


def _decoded(text: object) -> bytes:
    try:
        return base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except ValueError:
        return b""


def _text(keys: Sequence[Key]) -> str:
    entries = [
        {"id": key.id, "created": key.created, "key": base64.b64encode(key.secret)}
        | ({"kind": key.kind} if key.kind != ENCRYPTING else {})
        for key in keys
    ]
    signs = any(key.kind == SIGNING for key in keys)
    version = VERSION_WITH_SIGNING if signs else VERSION
    document = {"version": version, "keys": entries}
    return json.dumps(document, indent=2, default=bytes.decode) + "\n"


def _keep_owner(path: str, handle: int) -> None:
    """Odoo's user must go on reading what root replaces."""
    if os.geteuid() == 0 and os.path.exists(path):
        status = os.stat(path)
        os.fchown(handle, status.st_uid, status.st_gid)
