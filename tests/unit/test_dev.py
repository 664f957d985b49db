"""What `dev/` promises when something is missing, broken or taken."""

import shutil
import smtplib
import subprocess
import sys

import pytest

from dev.lib import (
    browser,
    environment,
    odoo_process,
    odoo_source,
    paths,
    ports,
    postgres,
    venv,
)
from dev.lib.demo_result import Result
from dev.lib.messages import SetupError
from dev.lib.odoo_process import OdooServer


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
def programs(tmp_path, monkeypatch):
    """A function that makes the only programs there are, and a cache of its own."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("ODOO_HOME", raising=False)

    def install(**scripts):
        for name, script in scripts.items():
            program = folder / name.replace("_", "-")
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(0o755)

    return install


def debian(version):
    """Programs of a Debian whose suite has Odoo's package in this version."""
    index = "echo 'http://deb.example/debian|Debian|Debian'"
    noted = 'echo "E: none left" >&2; : > "${0%/*}/downloaded"; exit 100'
    return {
        "apt_get": f'case "$*" in *\\ download\\ *) {noted};; *) {index};; esac',
        "apt_cache": f"echo 'Version: {version}'" if version else "exit 100",
    }


GIT = [
    *(shutil.which("git"), "-c", "user.name=Odoo", "-c", "user.email=odoo@example.com"),
    *("-c", "commit.gpgsign=false"),
]


@pytest.fixture
def repository(tmp_path, monkeypatch, programs):
    """What Odoo's own repository is: a branch per series, and git to reach it."""
    programs(git=f'exec {GIT[0]} "$@"')
    folder = tmp_path / "repository"
    (folder / "odoo").mkdir(parents=True)
    (folder / "addons" / "web" / "static").mkdir(parents=True)
    (folder / "addons" / "web" / "static" / "file").touch()
    subprocess.run([*GIT, "init", "--quiet", folder], check=True)
    for branch, release in (("19.0", "19, 0, 0"), ("master", "20, 1, 0")):
        release = f"version_info = ({release}, FINAL, 0, '')\n"
        (folder / "odoo" / "release.py").write_text(release)
        for command in (
            ["checkout", "--quiet", "-B", branch],
            ["add", "."],
            ["commit", "--quiet", f"--message={branch}"],
        ):
            subprocess.run([*GIT, "-C", folder, *command], check=True)
    monkeypatch.setattr(odoo_source, "REPOSITORY", folder.as_uri())
    return folder


@pytest.mark.parametrize(
    ("apt", "reason"),
    [
        ({}, "no apt-get"),
        ({"apt_get": "exit 0"}, "no Debian mirror"),
        ({"apt_get": "echo 'E: Could not resolve' >&2; exit 100"}, "not resolve"),
        (debian(None), "Debian has nothing as"),
        (debian("20.0.0+dfsg-1"), "Debian has 20.0.0"),
        (debian("1:20.0.19-1"), "Debian has 1:20.0.19"),
        (debian("1:19.0.20-1"), "E: none left"),
    ],
)
def test_odoo_is_cloned_where_debian_has_none(
    tmp_path, programs, repository, capsys, apt, reason
):
    programs(**apt)
    source = odoo_source.find()
    assert "(19, 0" in (source.root / "odoo" / "release.py").read_text()
    assert source.addons == [source.root / "addons"]
    told = capsys.readouterr().err
    assert reason in told and f"cloning {repository.as_uri()}" in told
    got_as_far = (tmp_path / "programs" / "downloaded").exists()
    assert got_as_far == (reason == "E: none left"), "another series is not unpacked"
    programs(git="exit 1")
    assert odoo_source.find() == source, "once is enough"


@pytest.mark.parametrize(
    "complaint", ["git failed", "there is no git", "Odoo 19 is needed"]
)
def test_no_odoo_at_all_says_what_to_do(
    tmp_path, programs, repository, monkeypatch, complaint
):
    if complaint == "there is no git":
        (tmp_path / "programs" / "git").unlink()
    elif complaint == "git failed":
        monkeypatch.setattr(odoo_source, "REPOSITORY", (tmp_path / "no").as_uri())
    else:
        subprocess.run([*GIT, "-C", repository, "branch", "-qf", "19.0"], check=True)
    with pytest.raises(SetupError, match=complaint) as raised:
        odoo_source.find()
    assert "no apt-get" in str(raised.value), "both reasons are told"
    assert "set ODOO_HOME" in str(raised.value) and "\n" not in str(raised.value)
    assert not list((tmp_path / "cache").rglob("release.py")), "nothing is kept"


def test_no_browser_says_what_to_do(programs):
    with pytest.raises(SetupError, match="no Chromium, install it"):
        browser.folder()


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


def test_what_is_installed_is_what_is_required():
    """`make lock` has been called since the one that is written by hand was changed."""
    installed = paths.REQUIREMENTS.read_text().lower().splitlines()
    pinned = {line.partition(" ;")[0] for line in installed}
    wanted = paths.REQUIREMENTS.with_suffix(".in").read_text().lower().splitlines()
    lines = {line.partition(" ;")[0] for line in wanted if line and line[0] != "#"}
    assert lines - pinned == set()


@pytest.fixture
def pip(tmp_path, monkeypatch, programs):
    """What pip was told, in a clone without a virtual environment."""
    module = tmp_path / "wheels" / "pip-1.whl" / "pip" / "__main__.py"
    module.parent.mkdir(parents=True)
    told = tmp_path / "pip.told"
    told.touch()
    module.write_text(
        f"import sys; print(*sys.argv[1:], file=open({str(told)!r}, 'a'))"
    )
    monkeypatch.setattr(venv, "WHEELS", (tmp_path / "wheels",))
    monkeypatch.setattr(venv, "HOME", tmp_path / "venv")
    return told


def test_uv_installs_what_is_required(tmp_path, programs, pip):
    programs(uv=f'echo "$@" >> {tmp_path}/uv.told')
    for _again in range(2):
        assert venv.python() == tmp_path / "venv" / "bin" / "python"
    (told,) = (tmp_path / "uv.told").read_text().splitlines()
    assert told.startswith("pip install") and str(paths.REQUIREMENTS) in told
    assert told.endswith(f"--python {venv.python()}")
    assert not pip.read_text()


def test_pip_installs_where_uv_does_not_get_there(programs, pip):
    programs(uv="echo 'error: no such index' >&2; exit 2")
    venv.python()
    (told,) = pip.read_text().splitlines()
    assert told.startswith("install") and str(paths.REQUIREMENTS) in told


def test_pip_gets_uv_where_there_is_none(tmp_path, pip):
    venv.python()
    got, _instead_of_uv = pip.read_text().splitlines()
    assert got.endswith(venv.UV) and f"--target {tmp_path / 'cache'}" in got


def test_no_pip_says_what_to_do(monkeypatch, pip):
    monkeypatch.setattr(venv, "WHEELS", ())
    with pytest.raises(SetupError, match="no pip, install Python's.*no apt-get"):
        venv.python()


def test_a_python_that_cannot_read_our_code_is_told_in_one_line():
    code = "import sys; sys.version_info = (3, 8); import dev.lib"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=paths.REPO, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "3.10 to 3.13" in done.stderr


def test_a_port_that_is_taken_is_replaced():
    with ports.take() as first, ports.take(first.getsockname()[1]) as second:
        assert first.getsockname() != second.getsockname()


def test_servers_that_start_at_once_do_not_meet(tmp_path):
    """As two demos do: each has its port before it needs it."""
    first = OdooServer("none", tmp_path / "first.log")
    second = OdooServer("none", tmp_path / "second.log", port=first.port)
    assert second.port != first.port
    assert second.url.endswith(f":{second.port}")


def test_a_server_that_ends_at_once_says_why(tmp_path):
    server, script = OdooServer("none", tmp_path / "odoo.log"), tmp_path / "script.py"
    script.write_text("raise ValueError('no disk')")
    server.command = [sys.executable, str(script)]
    with pytest.raises(SetupError, match="did not start: ValueError: no disk"):
        server.start()


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


def test_the_demo_fails_where_the_numbers_of_reach_do_not_add_up():
    """RCH-1: each person is reached, or is not for one reason."""
    result = Result(asked=3, failed=0, pages={}, people=3)
    result.reach = {"reached": 1, "paused": 1, "waiting": 1}
    result.check_reach()
    said = result.reach_in_words()
    assert said == "3 people: 1 reached, 1 paused, 1 waiting"
    result.reach["paused"] = 2
    with pytest.raises(SetupError, match="4 of 3 people"):
        result.check_reach()
