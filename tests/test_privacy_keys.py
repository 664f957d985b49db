"""`odoo privacy_keys` as a process: what it makes, says, finds and refuses."""

import base64
import os
import subprocess
import sys
from contextlib import closing
from functools import partial

import psycopg2
import pytest
from addon_tools import load

from dev.lib import databases, odoo_process
from dev.lib.paths import ODOO

keyring = load("keyring")
cipher = load("cipher")
note = load("tlog.note")

IN_ORDER, UNREADABLE, UNUSABLE = range(3)
FLAG = """
    ALTER TABLE ir_model_fields ADD COLUMN IF NOT EXISTS privacy_encryption varchar;
    UPDATE ir_model_fields SET privacy_encryption = 'on'
     WHERE model = 'res.partner' AND name = 'function';
    UPDATE res_partner SET function = NULL;
"""
SEALED_TABLE = """
    CREATE TABLE IF NOT EXISTS consent_sealed_value (
        id serial PRIMARY KEY, purpose_id int NOT NULL, res_model varchar NOT NULL,
        res_id int NOT NULL, date timestamp NOT NULL, sealed text NOT NULL)
"""


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "keyring.json")


@pytest.fixture
def command(path, tmp_path):
    """A function that runs the command: (status, all that it said)."""

    def run(*arguments, variable=path):
        command = [sys.executable, str(ODOO), "privacy_keys", *arguments]
        environment = {**os.environ, keyring.VARIABLE: variable}
        output = tmp_path / "said"
        with open(output, "w") as file:
            streams = {"stdin": subprocess.DEVNULL, "stdout": file, "stderr": file}
            process = odoo_process.begin(command, env=environment, **streams)
            status = process.wait()
        said = output.read_text()
        assert "Traceback" not in said
        assert not any(secret in said for secret in secrets(path))
        return status, said

    return run


@pytest.fixture(scope="module")
def shared_database(template_database):
    """What tests do with its rows does not outlive them."""
    name = databases.copy(template_database)
    yield name
    databases.drop(name)


@pytest.fixture
def database(shared_database):
    """A database with one encrypted field, which no contact has a value for, and
    nothing that is withheld."""
    execute(shared_database, FLAG)
    execute(shared_database, "DELETE FROM consent_sealed_value")
    return shared_database


def secrets(path):
    """:return: how the keys would show in a text"""
    try:
        keys = keyring.load(path).keys
    except keyring.KeyringError:
        return []
    return [
        form
        for key in keys
        for form in (key.secret.hex(), base64.b64encode(key.secret).decode())
    ]


def execute(database, query, *parameters):
    with closing(psycopg2.connect(dbname=database)) as connection, connection:
        with connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []


def store(database, *values):
    """Give some contacts a stored value of the encrypted field.

    :param values: text, or functions that make it from the id of the contact
    """
    people = execute(
        database,
        "SELECT id FROM res_partner WHERE function IS NULL ORDER BY id LIMIT %s",
        len(values),
    )
    assert len(people) == len(values)
    for (person,), value in zip(people, values, strict=True):
        stored = value(person) if callable(value) else value
        query = "UPDATE res_partner SET function = %s WHERE id = %s"
        execute(database, query, stored, person)


def encrypted(ring, text="Baker"):
    """:return: function that encrypts the text for the contact with an id"""
    return partial(cipher.FieldCipher(ring, "res.partner", "function").encrypt, text)


def seal(database, ring, context="res.partner,function,1"):
    """Withhold a value of the person with id 1."""
    execute(database, SEALED_TABLE)
    [(purpose,)] = execute(
        database,
        """
        UPDATE consent_purpose
           SET field_id = (SELECT id FROM ir_model_fields
                            WHERE model = 'res.partner' AND name = 'function')
         WHERE id = (SELECT min(id) FROM consent_purpose)
     RETURNING id
        """,
    )
    execute(
        database,
        "INSERT INTO consent_sealed_value (purpose_id, res_model, res_id, date, sealed)"
        " VALUES (%s, 'res.partner', 1, now(), %s)",
        purpose,
        cipher.seal(ring, context, b"Baker"),
    )


def test_from_the_first_key_to_the_second(command, path):
    status, said = command("create")
    first = keyring.load(path).active_id
    assert status == IN_ORDER and first in said
    assert f"PRIVACY_GUARD_KEYRING={path}" in said and "Back the file up" in said
    status, said = command("rotate")
    second = keyring.load(path).active_id
    assert status == IN_ORDER and f"Added the key {second}" in said
    status, said = command("list")
    assert status == IN_ORDER
    states = {line.split()[0]: line.split()[2] for line in said.splitlines()}
    assert states == {first: "for", second: "active"}


def test_the_path_may_be_named(command, tmp_path):
    other = str(tmp_path / "other.json")
    assert command("create", "--keyring", other, variable="")[0] == IN_ORDER
    assert keyring.load(other).active_id in command("list", "--keyring", other)[1]


@pytest.mark.parametrize("subcommand", ["list", "rotate", "check", "remove"])
@pytest.mark.parametrize(
    "spoil, complaint",
    [
        (os.unlink, "There is no key file"),
        (lambda path: os.chmod(path, 0o644), "chmod 600"),
        (lambda path: os.truncate(path, 50), "truncated"),
    ],
)
def test_an_unusable_key_file(command, path, subcommand, spoil, complaint):
    keyring.create(path)
    spoil(path)
    arguments = ["abcd"] if subcommand == "remove" else []
    status, said = command(subcommand, *arguments)
    assert status == UNUSABLE and complaint in said


def test_beside_the_configuration_that_is_named(command, tmp_path):
    """KEY-1: all subcommands take the configuration, and find the same file."""
    config = tmp_path / "odoo.conf"
    config.write_text(f"[options]\ndata_dir = {tmp_path / 'data'}\n")
    status, said = command("create", "-c", str(config), variable="")
    file = tmp_path / "privacy-keys.json"
    assert status == IN_ORDER and str(file) in said and "Odoo finds it" in said
    assert file.stat().st_mode & 0o777 == 0o600
    listed = command("list", "-c", str(config), variable="")[1]
    assert keyring.load(str(file)).active_id in listed


def test_no_key_file_is_named(command):
    status, said = command("create", variable="")
    assert status == UNUSABLE and "PRIVACY_GUARD_KEYRING is not set" in said


def test_creating_again_is_refused(command, path):
    before = keyring.create(path).ids
    status, said = command("create")
    assert status == UNUSABLE and "exists" in said
    assert keyring.load(path).ids == before


def test_check_counts_what_needs_which_key(command, path, database):
    old = keyring.create(path)
    store(database, encrypted(old), encrypted(old))
    seal(database, old)
    new = keyring.rotate(path)
    store(database, encrypted(new))
    status, said = command("check", "-d", database)
    assert status == IN_ORDER
    for line in (
        f"res.partner.function: 2 values with key {old.active_id}: readable",
        f"res.partner.function: 1 values with key {new.active_id}: readable",
        f"withheld values: 1 values with key {old.active_id}: readable",
    ):
        assert line in said
    assert "Not needed" not in said


def test_check_names_the_keys_that_nothing_needs(command, path, database):
    old = keyring.create(path).active_id
    store(database, encrypted(keyring.rotate(path)))
    assert (
        f"Not needed by these databases: {old}" in command("check", "-d", database)[1]
    )


def test_check_finds_a_missing_key(command, path, database, tmp_path):
    keyring.create(path)
    lost = keyring.create(tmp_path / "lost.json")
    store(database, encrypted(lost))
    seal(database, lost)
    status, said = command("check", "-d", database)
    assert status == UNREADABLE
    assert said.count(f"Key {lost.active_id} is missing") == 2


def test_check_finds_another_key_under_the_same_id(command, path, database):
    ring = keyring.create(path)
    [key] = ring.keys
    wrong = keyring.Keyring([keyring.Key(key.id, key.created, bytes(32))])
    store(database, encrypted(wrong))
    status, said = command("check", "-d", database)
    assert status == UNREADABLE and "cannot be decrypted" in said
    assert "Baker" not in said


def test_check_finds_a_sealed_value_of_somebody_else(command, path, database):
    seal(database, keyring.create(path), context="res.partner,function,2")
    status, said = command("check", "-d", database)
    assert status == UNREADABLE and "withheld values" in said


@pytest.mark.parametrize(
    "state, expected",
    [("on", UNREADABLE), ("encrypting", IN_ORDER), ("decrypting", IN_ORDER)],
)
def test_plain_values_are_an_error_once_encryption_is_on(
    command, path, database, state, expected
):
    ring = keyring.create(path)
    store(database, encrypted(ring), "pg1: of plain text", "Baker")
    execute(
        database,
        "UPDATE ir_model_fields SET privacy_encryption = %s"
        " WHERE privacy_encryption = 'on'",
        state,
    )
    status, said = command("check", "-d", database)
    assert status == expected
    assert "1 values with key" in said
    assert ("2 values: they are not encrypted" in said) == (state == "on")


def test_check_tries_a_value_of_each_format(command, path, database):
    """One that was moved to somebody else is found, whatever the others are like."""
    ring = keyring.create(path)
    of_nobody = encrypted(ring)(0x7FFFFFFF)
    store(database, lambda _person: of_nobody)
    status, said = command("check", "-d", database)
    assert status == UNREADABLE and "belongs to another record" in said


def test_check_without_anything_encrypted(command, path, fresh_database):
    """Also on a database that was made before fields could be encrypted."""
    name = fresh_database()
    execute(name, "DROP TABLE IF EXISTS consent_sealed_value CASCADE")
    execute(
        name,
        "ALTER TABLE ir_model_fields DROP COLUMN IF EXISTS privacy_encryption CASCADE",
    )
    keyring.create(path)
    status, said = command("check", "-d", name)
    assert status == IN_ORDER and "nothing is encrypted" in said


def test_check_without_a_database(command, path):
    keyring.create(path)
    status, said = command("check")
    assert status == IN_ORDER and "No database was checked" in said


@pytest.mark.parametrize(
    "name, complaint",
    [("postgres", "is not a database of Odoo"), ("absent", "does not exist")],
)
def test_a_database_that_is_none(command, path, name, complaint):
    keyring.create(path)
    status, said = command("check", "-d", name)
    assert status == UNUSABLE and complaint in said


def test_removing(command, path, database, fresh_database):
    """A key goes only when no database that is named needs it."""
    old = keyring.create(path)
    store(database, encrypted(old))
    other = fresh_database()
    new = keyring.rotate(path)
    both = ("-d", other, "-d", database)
    status, said = command("remove", old.active_id, *both)
    assert status == UNREADABLE and f"{database}: res.partner.function: 1" in said
    assert keyring.load(path).ids == new.ids
    execute(database, "UPDATE res_partner SET function = NULL")
    seal(database, old)
    assert command("remove", old.active_id, *both)[0] == UNREADABLE
    execute(database, "DELETE FROM consent_sealed_value")
    status, said = command("remove", old.active_id, *both)
    assert status == IN_ORDER and "Backups" in said
    assert keyring.load(path).ids == (new.active_id,)


def test_a_field_without_its_column_keeps_all_keys(command, path, fresh_database):
    """What it held may be in a place that the command does not know."""
    database = fresh_database()
    execute(database, FLAG)
    old = keyring.create(path).active_id
    keyring.rotate(path)
    execute(database, "ALTER TABLE res_partner RENAME COLUMN function TO elsewhere")
    assert command("check", "-d", database)[0] == UNREADABLE
    status, said = command("remove", old, "-d", database)
    assert status == UNREADABLE and "no such text column" in said


def test_the_active_key_stays(command, path, database):
    ring = keyring.create(path)
    status, said = command("remove", ring.active_id, "-d", database)
    assert status == UNUSABLE and "is the active one" in said
    assert keyring.load(path).ids == ring.ids


def test_removing_needs_to_know_the_databases(command, path):
    old = keyring.create(path).active_id
    ids = keyring.rotate(path).ids
    status, said = command("remove", old)
    assert status == UNUSABLE and "-d DATABASE" in said
    assert keyring.load(path).ids == ids


def test_the_command_loads_no_models(path):
    """It must work, and be quick, where the add-on cannot be loaded."""
    keyring.create(path)
    script = (
        "import sys; from odoo.cli.command import main\n"
        f"sys.argv = ['odoo', 'privacy_keys', 'list', '--keyring', {path!r}]\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code\n"
        "assert 'odoo.addons.privacy_guard' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, stdout=subprocess.PIPE)


def test_odoo_lists_the_command():
    command = [sys.executable, "-m", "odoo", "help"]
    said = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout
    assert "privacy_keys" in said


def test_a_key_that_signs(command, path):
    """EVI-2: made, shown to outsiders, and replaced by the same command."""
    keyring.create(path)
    status, said = command("sign")
    [first] = keyring.load(path).signing_keys
    assert status == IN_ORDER and f"Added the key {first.id}" in said
    status, said = command("verifier", "odoo.example/privacy/log")
    assert status == IN_ORDER
    verifier = note.Verifier.parse(said)
    assert verifier == note.Signer(verifier.name, first.secret).verifier
    assert f"as {first.id} do" in command("sign")[1]
    assert command("list")[1].count("signs checkpoints") == 2
