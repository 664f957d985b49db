"""The key file: what makes it usable, and that no key is ever lost or told."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from addon_tools import load

from dev.lib.waiting import PATIENCE

keyring = load("keyring")

SECRET = bytes(range(32))
ENTRY = {
    "id": "abcd1234",
    "created": "2026-01-31T10:00:00Z",
    "key": base64.b64encode(SECRET).decode(),
}

ROTATE = "import sys; from addon_tools import load; load('keyring').rotate(sys.argv[1])"


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "keyring.json")


def write(path, content, mode=0o600):
    """Write a key file as somebody might, by hand."""
    if not isinstance(content, str):
        content = json.dumps({"version": 1, "keys": content})
    Path(path).write_text(content)
    os.chmod(path, mode)
    return path


def complaint(path):
    with pytest.raises(keyring.KeyringError) as raised:
        keyring.load(path)
    error = raised.value
    while error:
        # Reports of errors show those before it, with all that they carry.
        assert ENTRY["key"][:8] not in f"{error} {vars(error)}"
        error = error.__context__
    return str(raised.value)


def test_create(path):
    ring = keyring.create(path)
    assert ring.ids == (ring.active_id,)
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert os.listdir(os.path.dirname(path)) == ["keyring.json"]


def test_creating_never_replaces(path):
    ids = keyring.create(path).ids
    with pytest.raises(keyring.KeyringError, match="exists.*rotate"):
        keyring.create(path)
    assert keyring.load(path).ids == ids


def test_a_file_by_hand_is_usable(path):
    ring = keyring.load(write(path, [ENTRY, dict(ENTRY, id="efgh")], mode=0o400))
    assert (ring.ids, ring.active_id) == (("abcd1234", "efgh"), "efgh")
    assert ring.keys[0].created == ENTRY["created"]


def test_the_environment_names_the_file(path, monkeypatch):
    monkeypatch.setenv("PRIVACY_GUARD_KEYRING", path)
    assert keyring.create() is keyring.load(path)


@pytest.mark.parametrize("value", [None, ""])
def test_no_variable(monkeypatch, value):
    monkeypatch.delenv("PRIVACY_GUARD_KEYRING", raising=False)
    if value is not None:
        monkeypatch.setenv("PRIVACY_GUARD_KEYRING", value)
    assert "PRIVACY_GUARD_KEYRING is not set" in complaint(None)


def test_where_it_is_when_the_environment_names_none(tmp_path, monkeypatch):
    """KEY-1: beside Odoo's configuration, else among its data; the hint is the command
    line as it works there."""
    monkeypatch.delenv("PRIVACY_GUARD_KEYRING", raising=False)
    installation = keyring.installation
    monkeypatch.setattr(installation, "here", installation.Installation())
    config, data = tmp_path / "etc" / "odoo.conf", tmp_path / "data"
    config.parent.mkdir()
    data.mkdir()
    config.touch()
    installation.settle(str(config), str(data), "/opt/our add-ons")
    said = complaint(None)
    assert "PRIVACY_GUARD_KEYRING is not set" in said
    line = f"`odoo '--addons-path=/opt/our add-ons' privacy_keys create -c {config}`"
    assert line in said
    beside = str(config.parent / installation.FILE_NAME)
    assert keyring.path_for_new() == beside
    monkeypatch.setattr(os, "access", lambda folder, _mode: folder == str(data))
    among = str(data / installation.FILE_NAME)
    assert keyring.path_for_new() == among
    ids = keyring.create().ids
    assert (keyring.path_in_use(), keyring.load().ids) == (among, ids)
    # who names one gets no other, and is not led to another place
    monkeypatch.setenv("PRIVACY_GUARD_KEYRING", "/nowhere")
    assert keyring.path_in_use() == keyring.path_for_new() == "/nowhere"
    assert "--keyring /nowhere`" in complaint(None)


def test_no_folder_may_be_written(monkeypatch):
    """KEY-1"""
    monkeypatch.delenv("PRIVACY_GUARD_KEYRING", raising=False)
    with pytest.raises(keyring.KeyringError, match="create --keyring PATH"):
        keyring.path_for_new()


def test_no_file(path):
    assert "There is no key file" in complaint(path)


def test_no_regular_file(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo, 0o600)
    assert "not a regular file" in complaint(str(tmp_path))
    # would wait forever for somebody who writes
    assert "not a regular file" in complaint(str(fifo))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601])
def test_others_can_reach_it(path, mode):
    assert f"chmod 600 {path}" in complaint(write(path, [ENTRY], mode))


def test_widening_the_mode_is_seen_at_once(path):
    keyring.create(path)
    os.chmod(path, 0o644)
    assert "chmod 600" in complaint(path)


def test_a_file_of_another_user(path, monkeypatch):
    write(path, [ENTRY])
    monkeypatch.setattr(os, "geteuid", lambda: os.stat(path).st_uid + 4711)
    assert "belongs to another user: run `chown" in complaint(path)


def test_a_folder_that_cannot_be_entered(path, monkeypatch):
    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "stat", refuse)
    assert "cannot be read: Permission denied" in complaint(path)


WHOLE = json.dumps({"version": 1, "keys": [ENTRY]})


@pytest.mark.parametrize("length", [0, 1, 20, len(WHOLE) // 2, len(WHOLE) - 1])
def test_truncated(path, length):
    assert "truncated or no JSON" in complaint(write(path, WHOLE[:length]))


@pytest.mark.parametrize(
    "content, said",
    [
        ("[" * 100_000, "truncated or no JSON"),
        ("[]", "truncated or no JSON"),
        ('"text"', "truncated or no JSON"),
        ("{}", "not of version 1"),
        ('{"version": 3}', "not of version 1"),
        ('{"version": 1}', "has no keys"),
        ([], "has no keys"),
        ([None], "no valid id for key 1"),
        ([dict(ENTRY, id="abc")], "no valid id for key 1"),
        ([dict(ENTRY, id="a" * 17)], "no valid id for key 1"),
        ([ENTRY, dict(ENTRY, id="ABCD")], "no valid id for key 2"),
        ([dict(ENTRY, id="ab:cd")], "no valid id for key 1"),
        ([dict(ENTRY, id=1234)], "no valid id for key 1"),
        ([dict(ENTRY, created="yesterday")], "no valid date for key abcd1234"),
        ([dict(ENTRY, created=None)], "no valid date for key abcd1234"),
        ([dict(ENTRY, key=ENTRY["key"][:-4])], "no 32 bytes in base64"),
        ([dict(ENTRY, key=ENTRY["key"][:-5])], "no 32 bytes in base64"),
        ([dict(ENTRY, key=ENTRY["key"] + "AAAA")], "no 32 bytes in base64"),
        ([dict(ENTRY, key="ä" * 44)], "no 32 bytes in base64"),
        ([dict(ENTRY, key=list(SECRET))], "no 32 bytes in base64"),
        ([ENTRY, ENTRY], "has key abcd1234 twice"),
    ],
)
def test_unusable_content(path, content, said):
    assert said in complaint(write(path, content))


def test_rotating_keeps_the_old_keys(path):
    old = keyring.create(path)
    new = keyring.rotate(path)
    assert new.ids[:-1] == old.ids and new.active_id not in old.ids
    assert new.subkey(old.active_id, "use") == old.subkey(old.active_id, "use")
    assert new.subkey(new.active_id, "use") != old.subkey(old.active_id, "use")
    assert os.stat(path).st_mode & 0o777 == 0o600


def test_rotation_is_seen_at_once(path):
    keyring.create(path)
    known = keyring.load(path)
    assert keyring.load(path) is known
    command = [sys.executable, "-c", ROTATE, path]
    subprocess.run(command, cwd=Path(__file__).parents[1], check=True)
    assert len(keyring.load(path).ids) == 2


def test_rotating_at_once_loses_no_key(path):
    keyring.create(path)
    command = [sys.executable, "-c", ROTATE, path]
    started = [
        subprocess.Popen(command, cwd=Path(__file__).parents[1]) for _ in range(4)
    ]
    assert [process.wait(PATIENCE) for process in started] == [0] * 4
    assert len(keyring.load(path).ids) == 5


def test_a_failed_rotation_changes_nothing(path, monkeypatch):
    ids = keyring.create(path).ids

    def fail(*_paths):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "rename", fail)
    with pytest.raises(keyring.KeyringError, match="No space left"):
        keyring.rotate(path)
    assert keyring.load(path).ids == ids
    assert os.listdir(os.path.dirname(path)) == ["keyring.json"]


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(keyring.KeyringError, match="cannot be written: No such file"):
        keyring.create(tmp_path / "absent" / "keyring.json")


def test_rotating_behind_a_link(path, tmp_path):
    keyring.create(path)
    link = tmp_path / "link.json"
    link.symlink_to(path)
    assert keyring.rotate(link).ids == keyring.load(path).ids
    assert link.is_symlink()


def test_root_leaves_the_file_to_its_owner(path, monkeypatch):
    """Else Odoo could no longer read what root rotated for it."""
    keyring.create(path)
    given = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", lambda _file, *owner: given.append(owner))
    keyring.rotate(path)
    status = os.stat(path)
    assert given == [(status.st_uid, status.st_gid)]


def test_removing(path):
    old = keyring.create(path).active_id
    new = keyring.rotate(path).active_id
    with pytest.raises(keyring.KeyringError, match=f"Key {new} is the active one"):
        keyring.remove(new, path)
    with pytest.raises(keyring.KeyringError, match="There is no key absent"):
        keyring.remove("absent", path)
    assert keyring.remove(old, path).ids == (new,)


def test_subkeys(path):
    ring = keyring.load(write(path, [ENTRY, dict(ENTRY, id="efgh")]))
    assert len(ring.subkey("abcd1234", "one")) == 32
    assert ring.subkey("abcd1234", "one") is ring.subkey("abcd1234", "one")
    assert ring.subkey("abcd1234", "one") != ring.subkey("abcd1234", "other")
    with pytest.raises(keyring.KeyringError, match="Key absent is missing"):
        ring.subkey("absent", "one")


def test_known_answer(path):
    """The derivation is fixed: values encrypted today must be readable for ever."""
    ring = keyring.load(write(path, [ENTRY]))
    assert ring.subkey("abcd1234", "use").hex() == (
        "84f180041e57f09c20b8a7eeca99c3cf71056865ab9a5f8349f6d5ac292fa026"
    )


def test_no_text_shows_a_key(path):
    ring = keyring.load(write(path, [ENTRY]))
    ring.subkey("abcd1234", "use")
    for text in (repr(ring), str(ring), repr(ring.keys), f"{ring.keys[0]}"):
        assert "abcd1234" in text
        for secret in (ENTRY["key"], repr(SECRET)[2:20], SECRET.hex()):
            assert secret not in text


def test_a_key_that_signs_is_of_its_own_kind(path):
    """EVI-2: it encrypts nothing, and the file is not for who does not know it."""
    former = keyring.create(path)
    assert json.loads(Path(path).read_text())["version"] == 1
    ring = keyring.rotate(path, keyring.SIGNING)
    assert ring.ids == former.ids, "nothing is encrypted with it"
    [first] = ring.signing_keys
    assert json.loads(Path(path).read_text())["version"] == 2
    with pytest.raises(keyring.KeyringError, match="missing"):
        ring.subkey(first.id, "anything")
    with pytest.raises(keyring.KeyringError, match="sign"):
        keyring.remove(first.id, path)
    keyring.rotate(path)
    ring = keyring.rotate(path, keyring.SIGNING)
    assert [key.id for key in ring.signing_keys][0] == first.id
    ring = keyring.remove(first.id, path)
    assert len(ring.signing_keys) == 1
    assert len(ring.ids) == 2


def test_a_file_needs_a_key_that_encrypts(path):
    write(path, [ENTRY | {"kind": "signing"}])
    assert "no key that encrypts" in complaint(path)
    write(path, [ENTRY | {"kind": "other"}])
    assert "no known kind" in complaint(path)
