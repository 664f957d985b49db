"""What `dev/` promises when something is missing, broken or taken."""

import smtplib
import socket
import subprocess
import sys

import pytest

from dev.lib import (
    environment,
    lane,
    odoo_process,
    odoo_source,
    paths,
    ports,
    postgres,
    venv,
)
from dev.lib.apt import Apt
from dev.lib.messages import SetupError


def test_an_interrupted_download_leaves_nothing(tmp_path):
    target = tmp_path / "odoo"
    with pytest.raises(KeyboardInterrupt), paths.complete_folder(target) as folder:
        (folder / "half").touch()
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


def test_what_a_killed_download_left_is_cleared_up(tmp_path):
    target = tmp_path / "odoo"
    for leftover in (".odoo-killed", ".odoo-killed-debs"):
        (tmp_path / leftover).mkdir()
    (tmp_path / ".odoo.lock").touch()
    with paths.complete_folder(target):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {"odoo", ".odoo.lock"}


def test_a_complete_folder_replaces_an_old_one(tmp_path):
    target = tmp_path / "odoo"
    target.mkdir()
    (target / "old").touch()
    with paths.complete_folder(target) as folder:
        (folder / "new").touch()
    assert [path.name for path in tmp_path.rglob("*")] == ["odoo", "new"]


@pytest.mark.parametrize(
    "release, complaint",
    [
        (None, "not an Odoo checkout"),
        ("version_info = (18, 0, 0, FINAL, 0, '')", "Odoo 19 is needed"),
    ],
)
def test_an_unusable_odoo_home_is_named(tmp_path, monkeypatch, release, complaint):
    if release:
        (tmp_path / "odoo").mkdir()
        (tmp_path / "odoo" / "release.py").write_text(release)
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(SetupError, match=complaint):
        odoo_source.find()


@pytest.mark.parametrize("version", ["(19, 0, 0, FINAL, 0, '')", "('saas~19', 1, 0)"])
def test_an_odoo_home_is_used(tmp_path, monkeypatch, version):
    for folder in ("odoo", "addons/web/static"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "odoo" / "release.py").write_text(f"version_info = {version}")
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    source = odoo_source.find()
    assert (source.root, source.addons) == (tmp_path, [tmp_path / "addons"])


@pytest.fixture
def fake_apt(tmp_path, monkeypatch):
    """An apt-get that fails, and a cache of its own."""

    def install(script):
        program = tmp_path / "apt-get"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return install


def test_no_network_is_one_line(fake_apt):
    fake_apt("echo 'E: Could not resolve the host' >&2; exit 100")
    with pytest.raises(SetupError, match="network up.*Could not resolve") as raised:
        Apt("sid")
    assert "\n" not in str(raised.value)


def test_no_debian_mirror_says_what_to_do(fake_apt):
    fake_apt("exit 0")
    with pytest.raises(SetupError, match="set ODOO_HOME"):
        Apt("sid")


def test_the_server_of_an_odoo_configuration_wins(tmp_path, monkeypatch):
    for name in postgres.SERVER_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    configuration = tmp_path / "odoo.conf"
    configuration.write_text("[options]\ndb_host = db\ndb_port = False\ndb_user = me\n")
    monkeypatch.setenv("ODOO_RC", str(configuration))
    assert postgres.connection() == {"PGHOST": "db", "PGUSER": "me"}


def test_the_standard_variables_win(monkeypatch):
    monkeypatch.setenv("PGHOST", "elsewhere")
    assert postgres.connection()["PGHOST"] == "elsewhere"


@pytest.fixture
def new_clone(tmp_path, monkeypatch):
    """A clone in which nothing has been run yet, but for its virtual environment."""
    monkeypatch.setattr(environment, "STATE", tmp_path)
    monkeypatch.delenv(environment.KEYRING, raising=False)
    return tmp_path


def test_a_clone_gets_keys_of_its_own_once(new_clone):
    file = new_clone / "keyring.json"
    assert environment.prepare().variables[environment.KEYRING] == str(file)
    assert file.stat().st_mode & 0o777 == 0o600
    made = file.read_bytes()
    environment.prepare()
    assert file.read_bytes() == made


@pytest.mark.parametrize("path", ["/elsewhere/keyring.json", ""])
def test_a_key_file_that_is_named_wins(new_clone, monkeypatch, path):
    monkeypatch.setenv(environment.KEYRING, path)
    assert environment.prepare().variables[environment.KEYRING] == path
    assert not (new_clone / "keyring.json").exists()


def test_keys_that_cannot_be_made_are_named(new_clone, monkeypatch):
    command = ["/bin/sh", "-c", "echo disk full >&2; exit 2"]
    monkeypatch.setattr(
        environment.Environment, "odoo_command", lambda *_arguments: command
    )
    with pytest.raises(SetupError, match="no key file.*disk full") as raised:
        environment.prepare()
    assert "\n" not in str(raised.value)


def test_python_too_old_or_new_says_which_to_install(monkeypatch):
    monkeypatch.setattr(venv.sys, "version_info", (3, 9, 2))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SetupError, match=r"3\.10 to 3\.13"):
        venv._base_interpreter()


def test_a_python_that_cannot_read_our_code_is_told_in_one_line():
    code = "import sys; sys.version_info = (3, 8); import dev.lib"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=paths.REPO, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "3.10 to 3.13" in done.stderr


def test_a_port_that_is_taken_is_replaced():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert ports.free(taken) != taken


def test_warnings_of_odoo_are_found(tmp_path):
    log = tmp_path / "odoo.log"
    log.write_text(
        "2026-01-01 10:00:00,000 1 INFO db odoo.modules: WARNING is only a word here\n"
        "2026-01-01 10:00:00,000 1 WARNING db odoo.models: unknown parameter\n"
    )
    assert len(odoo_process.problems(log)) == 1


def test_the_mail_server_keeps_each_mail(smtp_sink):
    with smtplib.SMTP("127.0.0.1", smtp_sink.port) as client:
        client.sendmail("a@example.com", ["b@example.com"], "Subject: One\n\nText")
        client.sendmail("a@example.com", ["../c@example.com"], "Subject: Two\n\nText")
    subjects = [message["Subject"] for message in smtp_sink.wait_for(2)]
    assert subjects == ["One", "Two"]


def test_lanes_at_once_run_each_file_once(tmp_path, monkeypatch):
    takes = lane.takes.__wrapped__  # as a process that has not asked before
    file, other = (paths.REPO / "tests" / name for name in ("a.py", "b.py"))
    monkeypatch.delenv(lane.TAKEN, raising=False)
    assert takes(file) and takes(file), "a lane that runs alone runs everything"
    monkeypatch.setenv(lane.TAKEN, str(tmp_path))
    assert [takes(file), takes(file), takes(other)] == [True, False, True]


def test_a_file_that_is_named_is_run_by_one_lane():
    contacts, everything = lane.LANES
    for name in (
        "tests/test_api.py",
        "tests/unit",
        "privacy_guard/tests/subject/test_merge.py",
    ):
        assert contacts.paths([name]) and not everything.paths([name])
    assert not contacts.paths(["privacy_guard_crm"])
    assert everything.paths(["privacy_guard_crm", "-q"]) == ["privacy_guard_crm"]
