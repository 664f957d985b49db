"""A database with people to ask, workers that ask them, and what must hold after."""

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2

from dev.lib import odoo_process, waiting
from dev.lib.smtp_sink import SmtpSink

WORKER = Path(__file__).with_name("asking_worker.py")
PEOPLE = 240


def prepare(people=PEOPLE):
    """:return: script for the shell that makes two purposes and so many people"""
    return f"""
set_param = env["ir.config_parameter"].set_param
set_param("privacy_guard.enabled", "True")
set_param("privacy_guard.limit_custom_consents", "0")
env.ref("base.main_company").write(
    {{"privacy_from_name": "Us", "privacy_from_email": "us@example.com"}})
function = env["ir.model.fields"]._get("res.partner", "function")
env["consent.purpose"].search([]).active = False
purposes = env["consent.purpose"].create([
    {{"name": "Newsletter", "text": "May we?"}},
    {{"name": "Job", "text": "May we?", "kind": "data", "field_id": function.id}},
])
purposes._publish()
purposes.active = True
domain = [("active", "=", True), ("user_ids", "=", False)]
env["res.partner"].search(domain).active = False
env.flush_all()
env.cr.execute('''
    INSERT INTO res_partner (name, complete_name, email, email_normalized, function,
                             active, is_company, type, lang, partner_share,
                             privacy_status, email_opt_in, create_date, write_date)
    SELECT name, name, email, email, 'Baker of ' || name, true, false, 'contact',
           'en_US', true, 'active', 'none', now(), now()
      FROM (SELECT 'Person ' || i AS name, 'person' || i || '@example.com' AS email
              FROM generate_series(1, {people}) i) AS person
''')
env.cr.commit()
"""


PREPARE = prepare()
PERSON = "WITH person AS (SELECT * FROM res_partner WHERE name LIKE 'Person %') "
# Every row of these is something that must not be.
VIOLATIONS = {
    "not asked, or asked twice": """
        SELECT p.name, count(m.id) FROM person p
          LEFT JOIN mail_message m ON m.model = 'res.partner' AND m.res_id = p.id
         GROUP BY p.id, p.name HAVING count(m.id) <> 1""",
    "message without a mail, or mail without its recipient": """
        SELECT m.id FROM mail_message m
          JOIN person p ON p.id = m.res_id AND m.model = 'res.partner'
          LEFT JOIN mail_mail mm ON mm.mail_message_id = m.id
          LEFT JOIN mail_mail_res_partner_rel r
                 ON r.mail_mail_id = mm.id AND r.res_partner_id = p.id
         WHERE r.mail_mail_id IS NULL""",
    "consent missing or not waiting": """
        SELECT p.name, count(c.id) FROM person p
          LEFT JOIN consent_record c ON c.res_model = 'res.partner'
                AND c.res_id = p.id AND c.value = 'waiting'
                AND c.requested_at IS NOT NULL
         GROUP BY p.id, p.name HAVING count(c.id) <> 2""",
    "event missing, doubled or out of order": """
        SELECT c.id, array_agg(e.kind ORDER BY e.sequence) FROM consent_record c
          JOIN person p ON p.id = c.res_id
          LEFT JOIN consent_event e USING (res_model, res_id, purpose_id)
         GROUP BY c.id
        HAVING array_agg(e.kind ORDER BY e.sequence)::text[] <> '{apply,request}'
            OR array_agg(e.sequence ORDER BY e.sequence) <> '{1,2}'""",
    "broken chain": """
        SELECT e.id FROM consent_event e
          JOIN consent_event f USING (res_model, res_id, purpose_id)
         WHERE f.sequence = e.sequence + 1 AND f.previous_hash <> e.hash""",
    "value of a waiting opt-in field kept": """
        SELECT name FROM person WHERE function IS NOT NULL""",
    "withheld value missing": """
        SELECT name FROM person
         WHERE id NOT IN (SELECT res_id FROM consent_sealed_value
                           WHERE res_model = 'res.partner')""",
    "date of the request missing": """
        SELECT name FROM person WHERE consent_requested_at IS NULL""",
}


@contextmanager
def worker(database, smtp_port=None):
    """:param int smtp_port: of the mail server; one of its own by default, as nobody is
        asked without
    :return: a function that has the worker do a job, and says how it ended"""
    if smtp_port:
        with _worker(database, smtp_port) as begin:
            yield begin
        return
    with TemporaryDirectory() as folder, SmtpSink(Path(folder)) as sink:
        with _worker(database, sink.port) as begin:
            yield begin


@contextmanager
def _worker(database, smtp_port):
    environment = {**os.environ, "SMTP_PORT": str(smtp_port)}
    command = [sys.executable, str(WORKER), database]
    dialogue = odoo_process.Dialogue(odoo_process.begin, command, env=environment)

    def answer():
        line = dialogue.hear()
        assert line, "the worker has ended"
        return line

    def begin(job, mode="never", number=0):
        dialogue.say(f"{job} {mode} {number}")
        return answer

    try:
        assert answer() == "ready"
        yield begin
    finally:
        dialogue.end()


def kill(begin, job, moments, most):
    """Have a worker die before or during one of the first statements of a job.

    :return: how it ended, ``killed`` unless it was done before
    """
    mode = moments.choice(["statements", "during"])
    return begin(job, mode, moments.randint(1, most))()


def kill_again_and_again(database, begin, job, moments, most, *, times):
    """Kill a worker at a job, time after time: however it ends, no value is lost.

    :return: yields the number of each kill, for more to be looked at after it
    """
    for number in range(times):
        ended = kill(begin, job, moments, most)
        wait_for_the_dead(database)
        assert ended == "killed", (job, number)
        assert lost_or_doubled(database) == [], (job, number)
        yield number


def query(database, statement):
    """:return: the rows, committed"""
    connection = psycopg2.connect(dbname=database)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def wait_for_the_dead(database):
    """Wait until the server has noticed that a killed client is gone.

    Until then the client's transaction holds its locks, and a worker that meets them
    leaves the run alone for some minutes. What PostgreSQL itself does there, such as
    its autovacuum, takes its time and holds nobody up.
    """
    others = """SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()
                   AND backend_type = 'client backend'"""
    waiting.until(
        lambda: query(database, others) == [(0,)], "transactions of the killed end"
    )


def violations(database):
    """:return: {what: first rows} of what must not be after everybody was asked"""
    found = {what: query(database, PERSON + sql) for what, sql in VIOLATIONS.items()}
    return {what: rows[:5] for what, rows in found.items() if rows}


def lost_or_doubled(database):
    """:return: people whose value is neither on the contact nor withheld, or both, or
    who have the value of somebody else"""
    return query(
        database,
        PERSON
        + """
        SELECT person.name, person.function, value.id FROM person
          LEFT JOIN consent_sealed_value value
                 ON value.res_model = 'res.partner' AND value.res_id = person.id
         WHERE (person.function IS NULL) = (value.id IS NULL)
            OR person.function <> 'Baker of ' || person.name""",
    )
