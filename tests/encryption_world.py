"""People with a value each, clerks who work with them, and what must hold meanwhile."""

import random
import threading
from contextlib import ExitStack, contextmanager

import psycopg2
from addon_tools import load
from asking_world import query
from attack_rpc import Client

cipher, keyring, masking = map(load, ("cipher", "keyring", "masking"))
VISIBLE = 4
PREPARE = """
from odoo import api
clerk = env["res.users"].with_context(no_reset_password=True).create({{
    "name": "Clerk", "login": "clerk", "password": "clerkclerk",
    "email": "clerk@example.com", "group_ids": [(6, 0, [
        env.ref("base.group_user").id, env.ref("base.group_partner_manager").id])]}})
officer = env["res.users"].with_context(no_reset_password=True).create({{
    "name": "Officer", "login": "officer", "password": "officerofficer",
    "email": "officer@example.com", "group_ids": [(6, 0, [
        env.ref("privacy_guard.group_privacy_officer").id])]}})
env.flush_all()
env.cr.execute('''
    INSERT INTO res_partner (name, complete_name, ref, active, is_company, type, lang,
                             partner_share, privacy_status, email_opt_in,
                             create_date, write_date)
    SELECT 'Person ' || i, 'Person ' || i, 'First-' || to_char(i, 'FM000000'), true,
           false, 'contact', 'en_US', true, 'active', 'none', now(), now()
      FROM generate_series(1, {people}) i
''')
env.cr.commit()
"""
VALUES = "SELECT id, ref FROM res_partner WHERE name LIKE 'Person %' ORDER BY id"
STATE = """SELECT COALESCE(privacy_encryption, 'off') FROM ir_model_fields
            WHERE model = 'res.partner' AND name = 'ref'"""
FIELD = "SELECT id FROM ir_model_fields WHERE model = 'res.partner' AND name = 'ref'"


def state(database):
    [(value,)] = query(database, STATE)
    return value


def values(database):
    """:return: {id: text}, whatever is encrypted of it"""
    decrypt = cipher.FieldCipher(keyring.load(), "res.partner", "ref").decrypt
    return {
        id_: decrypt(stored, id_) if cipher.is_encrypted(stored) else stored
        for id_, stored in query(database, VALUES)
    }


def kinds(database):
    """:return: ids of the keys that values are under, None for text"""
    return {
        stored.split(":")[1] if cipher.is_encrypted(stored) else None
        for _id, stored in query(database, VALUES)
    }


class Clerk(threading.Thread):
    """Reads, searches and writes values of some people, as long as it is told to.

    :ivar expected: {id: value} of these people
    :ivar wrong: what must not have been seen
    """

    def __init__(self, server, database, ids, seed):
        super().__init__(daemon=True)
        uid = query(database, "SELECT id FROM res_users WHERE login = 'clerk'")[0][0]
        address = server.url.removeprefix("http://")
        self.client = Client(address, database, uid, "clerk", "clerkclerk")
        self.random = random.Random(seed)
        self.expected = {
            id_: text for id_, text in values(database).items() if id_ in ids
        }
        self.ids = sorted(self.expected)
        self.wrong, self.done, self.refused = [], 0, 0
        self.turn, self.ended = threading.Lock(), threading.Event()
        self.connection = psycopg2.connect(dbname=database)
        self.connection.autocommit = True

    def run(self):
        while not self.ended.is_set():
            with self.turn:
                act = self.random.choice([self.read, self.search, self.write])
                try:
                    act(self.random.choice(self.ids))
                except Exception as error:
                    self.wrong.append(repr(error))
                self.done += 1

    def end(self):
        self.ended.set()
        self.join()
        self.connection.close()

    def call(self, method, ids=None, **kwargs):
        answer = self.client.call("session", "res.partner", method, ids, **kwargs)
        if b"pg2:" in answer.raw:
            self.wrong.append(("ciphertext", method, answer.raw[:500]))
        return answer

    def state(self):
        with self.connection.cursor() as cursor:
            cursor.execute(STATE)
            return cursor.fetchone()[0]

    def read(self, id_):
        before = self.state()
        answer = self.call("read", [id_], fields=["ref"])
        due = {before, self.state()}
        value, told = self.expected[id_], answer.value[0]["ref"]
        allowed = set()
        if due != {"off"}:
            allowed.add(masking.mask(value, VISIBLE))
        if "off" in due:
            allowed.add(value)
        if told not in allowed:
            self.wrong.append(("read", id_, told, due))

    def search(self, id_):
        answer = self.call("search", domain=[["ref", "=", self.expected[id_]]])
        if answer.value != [id_]:
            self.wrong.append(("search", id_, answer.value, answer.message))

    def write(self, id_):
        value = f"Later-{id_:06}-{self.random.randrange(10**6):06}"
        answer = self.call("write", [id_], vals={"ref": value})
        if answer.kind == "ok":
            self.expected[id_] = value
        elif "Try again" in answer.message or "serialize" in answer.message:
            self.refused += 1
        else:
            self.wrong.append(("write", id_, answer.message))


@contextmanager
def working(server, database):
    """Two clerks at work, each with people of their own."""
    ids = list(values(database))
    clerks = [Clerk(server, database, set(ids[n::2]), seed=n) for n in range(2)]
    for clerk in clerks:
        clerk.start()
    try:
        yield clerks
    finally:
        for clerk in clerks:
            clerk.end()


def check(clerks, database):
    """:return: the ids of keys in use; nothing was lost and nothing wrong was seen"""
    with ExitStack() as stack:
        for clerk in clerks:
            stack.enter_context(clerk.turn)
        expected = {}
        for clerk in clerks:
            assert not clerk.wrong, clerk.wrong[:3]
            expected |= clerk.expected
        assert values(database) == expected
        return kinds(database)


def switch(officer, database, button="action_encrypt", visible_chars=2):
    """As the officer's dialogue does."""
    [(field,)] = query(database, FIELD)
    vals = {
        "field_id": field,
        "visible_chars": visible_chars,
        "confirmation": "ENCRYPT",
    }
    made = officer.call("session", "privacy.encrypt", "create", vals_list=[vals])
    done = officer.call("session", "privacy.encrypt", button, made.value)
    assert done.kind == "ok", done.message
