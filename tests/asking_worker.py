"""A worker process that does jobs and dies by SIGKILL where it is told to.

Run as `asking_worker.py DATABASE`; reads one job per line:

    daily|button|queue|erase|encrypt|...  never|statements|during|commits  number

Each job runs in a fork of this process, with the registry loaded already, and answers
`done` or `killed`. The number says after how many statements the fork kills itself, or
during which, or after how many commits; never after how much time, in which one machine
does nothing and another one all. A batch is made small so that many transactions lie
between start and end.
"""

import os
import signal
import sys
import threading
from functools import partial

import odoo
from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.service.model import retrying

# Some hundred transactions for a few people: twenty kills come before the end.
BATCH_SIZE = 2
WINDOW = 50


def main(database):
    odoo.tools.config.parse_config(["--log-level=critical", "--smtp-port=" + SMTP_PORT])
    Registry(database)
    sql_db.close_all()  # a connection must not be shared with the forks
    print("ready", flush=True)
    for line in sys.stdin:
        job, mode, number = line.split()
        if job != "stale_write":
            Registry(database).check_signaling()
            sql_db.close_all()
        child = os.fork()
        if not child:
            _work(database, job, mode, float(number))
        _pid, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            print("killed", flush=True)
        else:
            print("done" if not status else "failed", flush=True)


def _work(database, job, mode, number):
    _arm(mode, number)
    try:
        with Registry(database).cursor() as cr:
            JOBS[job](api.Environment(cr, api.SUPERUSER_ID, {}))
    except BaseException as error:
        print(f"{job}: {error!r}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def _arm(mode, number):
    """Make this process kill itself."""
    if mode in ("statements", "during"):
        left = iter(range(int(number)))

        def counted(method):
            def call(*args, **kwargs):
                if next(left, None) is None:
                    (_die if mode == "statements" else _die_meanwhile)()
                return method(*args, **kwargs)

            return call

        for name in ("execute", "commit"):
            setattr(sql_db.Cursor, name, counted(getattr(sql_db.Cursor, name)))
    elif mode == "commits":
        commits = iter(range(int(number) - 1))

        def commit(cursor, method=sql_db.Cursor.commit):
            method(cursor)
            if next(commits, None) is None:
                _die()

        sql_db.Cursor.commit = commit


def _die_meanwhile():
    """As soon as this thread waits, which it does for what the database answers."""
    waits = threading.Event()

    def die():
        waits.wait()
        _die()

    threading.Thread(target=die).start()
    waits.set()


def _die():
    os.kill(os.getpid(), signal.SIGKILL)


def _daily(env):
    from odoo.addons.privacy_guard.models.asking import consent_asking, consent_run_step

    consent_asking.BATCH_SIZE = BATCH_SIZE
    consent_run_step.WINDOW = WINDOW
    env["consent.run"]._run_daily()


def _button(env):
    """A user who asks everyone, some at a time, with the retries of a request."""
    people = env["res.partner"].search([("name", "like", "Person %")], order="id desc")
    for start in range(0, len(people), 7):
        some = people[start : start + 7]
        retrying(some._consent_ask, env)


def _places(env, order):
    """A mailing is about to leave to everybody, of whom each wants one a month."""
    people = env["res.partner"].search([("name", "like", "Person %")], order=order)
    addresses = people.mapped("email_normalized")
    messages = {
        f"{order},{number}": {address: "once_month"}
        for number, address in enumerate(addresses)
    }
    env["privacy.message.place"]._claim(messages)


def _queue(env):
    # as its scheduled action does, a commit after each mail
    env["mail.mail"].process_email_queue()


def _requests(env):
    env["mail.mail"]._privacy_process_requests()


def _undo(env):
    """Undo requests that have not left."""
    from odoo.addons.privacy_guard.models.asking import consent_delivery_run

    consent_delivery_run.BATCH_SIZE = 7
    env["consent.delivery"]._run()


def _grant(env):
    """Everybody says yes."""
    purpose = env["consent.purpose"].search([("kind", "=", "data")])
    answer = {purpose.id: "granted"}
    waiting = [("purpose_id", "=", purpose.id), ("value", "=", "waiting")]
    people = env["consent.record"].search(waiting).mapped("res_id")
    for start in range(0, len(people), BATCH_SIZE):
        some = env["res.partner"].browse(people[start : start + BATCH_SIZE])
        retrying(
            partial(some._consent_record_answers, answer, source="preferences"), env
        )
        env.cr.commit()


def _switch(env, active):
    """An officer switches the consent on or off, and the background job follows."""
    domain = [("kind", "=", "data"), ("active", "in", [True, False])]
    purpose = env["consent.purpose"].search(domain)
    type(env["consent.sealed.value"])._BATCH_SIZE = BATCH_SIZE
    retrying(partial(purpose.write, {"active": active}), env)
    env.cr.commit()
    env["consent.sealed.value"]._run_daily()


def _export(env):
    env["privacy.export"]._run()


def _import(env):
    from odoo.addons.privacy_guard.models.importing import consent_import_run

    consent_import_run.BATCH_SIZE = 15
    env["consent.import"]._run()


def _erase(env):
    from odoo.addons.privacy_guard.models.removal import privacy_removal_run

    privacy_removal_run.BATCH_SIZE = BATCH_SIZE
    env["privacy.removal"]._run()


def _erase_people(env):
    """The scheduled action that executes confirmed erasures."""
    from odoo.addons.privacy_guard.models.erasure import privacy_erasure_run

    privacy_erasure_run.BATCH_SIZE = BATCH_SIZE
    env["privacy.erasure"]._run()


def _confirm(env):
    """An officer confirms the oldest dry run, unless somebody else has done so."""
    from odoo.exceptions import UserError

    erasure = env["privacy.erasure"].search([], order="id", limit=1)
    try:
        retrying(partial(erasure._confirm, f"by process {os.getpid()}"), env)
    except UserError:
        return
    env.cr.commit()


def _convert(env, batch_size=BATCH_SIZE):
    """The scheduled action that encrypts, decrypts and rotates."""
    from odoo.addons.privacy_guard.models.encryption import ir_model_fields_conversion

    ir_model_fields_conversion.BATCH_SIZE = batch_size
    env["ir.model.fields"]._privacy_convert_all()


def _encrypt(env, batch_size=BATCH_SIZE):
    """An officer turns encryption on, unless that is done, and the action follows."""
    field = env["ir.model.fields"]._get("res.partner", "ref")
    if field.privacy_encryption in (False, "off"):
        retrying(partial(field._privacy_encrypt, 4), env)
    _convert(env, batch_size)


def _encrypt_impatiently(env):
    """As above, but without the seconds of waiting for who uses the table."""
    from odoo.service import model

    from odoo.addons.privacy_guard.models.encryption import ir_model_fields_column

    ir_model_fields_column.LOCK_TIMEOUT = "100ms"
    model.MAX_TRIES_ON_CONCURRENCY_FAILURE = 1
    _encrypt(env)


def _decrypt(env):
    field = env["ir.model.fields"]._get("res.partner", "ref")
    if field.privacy_encryption == "on":
        retrying(field._privacy_decrypt, env)
    _convert(env)


def _stale_write(env):
    """A process that has not noticed that the field is encrypted, or is not: what it
    writes is refused, and it begins again."""
    times = []

    def write():
        times.append(env.registry)
        env["res.partner"].search([("name", "=", "Person 1")]).ref = "Stale"

    retrying(write, env)
    before, after = times
    assert before is not after, "a stale write went through"


JOBS = {
    "convert": _convert,
    "encrypt": _encrypt,
    "encrypt_impatiently": _encrypt_impatiently,
    "encrypt_many": partial(_encrypt, batch_size=5000),
    "decrypt": _decrypt,
    "stale_write": _stale_write,
    "daily": _daily,
    "places_up": partial(_places, order="id"),
    "places_down": partial(_places, order="id desc"),
    "erase": _erase,
    "export": _export,
    "import": _import,
    "erase_people": _erase_people,
    "confirm": _confirm,
    "button": _button,
    "queue": _queue,
    "requests": _requests,
    "undo": _undo,
    "grant": _grant,
    "switch_off": partial(_switch, active=False),
    "switch_on": partial(_switch, active=True),
}
SMTP_PORT = os.environ.get("SMTP_PORT", "25")

if __name__ == "__main__":
    main(sys.argv[1])
