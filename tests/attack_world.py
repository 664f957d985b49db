"""The running company, and what of it must stay as it is."""

import json
import re

import psycopg2
from asking_world import query
from attack_rpc import Client

# A part of every secret, and what is stored in its place.
SECRETS = re.compile(rb"QZ[A-Z_]+-KL|KLMNOPQR|456.?00.?71.?93")
LEAKS = re.compile(SECRETS.pattern + rb"|pgs?1:[a-z0-9]{4,16}:")
PROTECTED = "('Ann', 'Firm', 'Emil', 'Pia', 'Sil', 'Lia', 'Sto', 'Rae', 'Kay')"
OF_THEM = f"""WHERE res_model = 'res.partner' AND res_id IN (
    SELECT id FROM res_partner WHERE name IN {PROTECTED}) ORDER BY id"""
DONE = """WHERE erasure_id IN (
    SELECT id FROM privacy_erasure WHERE state = 'done') ORDER BY id"""
# What must be the same after an attack, unless the table says otherwise.
STATE = {
    "contacts": f"""
        SELECT id, ref, street, vat, x_card, phone, phone_sanitized, zip, function,
               x_motto, privacy_status, preferences_version, consent_requested_at,
               email, active, email_opt_in, opt_in_requested_at
          FROM res_partner WHERE name IN {PROTECTED} ORDER BY id""",
    "definition": """
        SELECT id, name, store, related, compute, translate, privacy_encryption,
               privacy_visible_chars
          FROM ir_model_fields WHERE privacy_encryption IS NOT NULL ORDER BY id""",
    "sealed": "SELECT * FROM consent_sealed_value ORDER BY id",
    "event": f"SELECT * FROM consent_event {OF_THEM}",
    "consent": f"SELECT * FROM consent_record {OF_THEM}",
    "notice": "SELECT * FROM consent_notice ORDER BY id",
    "request": f"""
        SELECT id, name, kind, state, user_id, deadline, closed_at
          FROM privacy_request {OF_THEM}""",
    "code": "SELECT * FROM privacy_request_code ORDER BY id LIMIT 1",
    "erasure": "SELECT * FROM privacy_erasure WHERE state = 'done' ORDER BY id",
    "person erased": f"SELECT * FROM privacy_erasure_subject {DONE}",
    "row erased": f"SELECT * FROM privacy_erasure_line {DONE}",
    "finding": f"SELECT * FROM privacy_erasure_finding {DONE}",
    "suppression": """
        SELECT * FROM privacy_suppression
         WHERE kind = 'email' AND date = '2020-01-01' ORDER BY id""",
    "copy of data": f"""
        SELECT id, res_id, source, user_id, state, size, expires_at
          FROM privacy_export {OF_THEM}""",
    "part of a copy": "SELECT * FROM privacy_export_part ORDER BY id",
    "status change": f"SELECT * FROM privacy_status_log {OF_THEM}",
    "opt-in change": f"SELECT * FROM privacy_opt_in_log {OF_THEM}",
    "setting change": """
        SELECT * FROM privacy_setting_log
         WHERE key = 'privacy_guard.enabled' ORDER BY id""",
    "picture": f"SELECT id FROM ir_attachment {OF_THEM}",
    "tag": f"""
        SELECT tag.* FROM res_partner_res_partner_category_rel tag
          JOIN res_partner partner ON partner.id = tag.partner_id
         WHERE partner.name IN {PROTECTED} ORDER BY 1, 2""",
}
DIGESTS = " UNION ALL ".join(
    f"""SELECT '{what}', (SELECT md5(string_agg(line::text, '|'))
                            FROM ({statement}) line)"""
    for what, statement in STATE.items()
)
LOG_AFTER = """SELECT user_id, action, id
                 FROM privacy_access_log WHERE id > %s ORDER BY id"""
# Of thousands of lines, after each of thousands of attacks: who changes one leaves the
# number of the transaction on it.
LOG_UNTIL = """SELECT count(*), sum(id), sum(xmin::text::bigint)
                 FROM privacy_access_log WHERE id <= %s"""


class World:
    """The running company, seen from outside and, in the database, from inside."""

    def __init__(self, server, database):
        """:param OdooServer server: which has been started"""
        self.server, self.database = server, database
        [(ids,)] = query(database, "SELECT ids FROM attack_world")
        self.ids = json.loads(ids)
        address = server.url.removeprefix("http://")
        self.clients = {"public": Client(address, database, uid=self.ids["public"])}
        for who, login in self.ids["users"].items():
            self.clients[who] = Client(address, database, **login)
        self._connection = psycopg2.connect(dbname=database)
        self._connection.autocommit = True
        self._number = 0
        with self._connection.cursor() as cursor:
            # planned once, for thousands of attacks, without looking through all fields
            cursor.execute(
                """CREATE INDEX ON ir_model_fields (id)
                    WHERE privacy_encryption IS NOT NULL"""
            )
            cursor.execute(f"PREPARE state AS {DIGESTS}")
        self._state, self._last, self._former = self.state(), 0, None
        self.news()

    def __getattr__(self, name):
        return self.ids[name]

    def number(self):
        """:return: one that nothing was named by before"""
        self._number += 1
        return self._number

    def query(self, statement, *args):
        with self._connection.cursor() as cursor:
            cursor.execute(statement, args)
            return cursor.fetchall()

    def state(self):
        """:return: {what: digest of its rows}"""
        return dict(self.query("EXECUTE state"))

    def news(self):
        """What one attack did; what it left is what the next one finds.

        :return: (set of what changed, new lines of the access log, whether the former
            ones are as they were), each since this was asked before
        """
        state = self.state()
        changed = {what for what in state if state[what] != self._state[what]}
        same = self.query(LOG_UNTIL, self._last) == self._former
        lines = self.query(LOG_AFTER, self._last)
        self._state = state
        if lines or not same:
            self._last = max([self._last, *(id_ for *_line, id_ in lines)])
            self._former = self.query(LOG_UNTIL, self._last)
        return changed, lines, same

    def stored(self, name, contact):
        [(value,)] = self.query(
            f"SELECT {name} FROM res_partner WHERE id = %s", contact
        )
        return value

    def close(self):
        self._connection.close()
