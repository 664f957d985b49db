"""`make demo`: Odoo with demo contacts who have just been asked for their consent.

`--once` ends by itself after a check that a preferences link works. `--everything` has
all add-ons and what of Odoo they join, with leads, a mailing and a web form.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import sys
import urllib.error
import urllib.request
from email.message import EmailMessage
from pathlib import Path

from dev.lib import databases, odoo_process, template
from dev.lib.demo_result import Result
from dev.lib.messages import SetupError, exit_on_setup_error, say, step
from dev.lib.paths import REPO, locked, state
from dev.lib.smtp_sink import SmtpSink
from dev.lib.waiting import PATIENCE

EVERYTHING = "--everything" in sys.argv
DATABASE = databases.own_name("demo_all" if EVERYTHING else "demo")
ADDONS = ",".join(template.addons(True)) if EVERYTHING else "privacy_guard"
SETUP = [REPO / "dev" / "demo_setup.py"]
if EVERYTHING:
    SETUP.append(REPO / "dev" / "demo_everything.py")
# Personal links have a long token; other addresses in a mail are shorter.
LINK = re.compile(r"https?://[^\s\"'<>/]+(/privacy/[\w.~=%-]{40,1024})")
# What counts for nobody.
COUNTED = re.compile(r"https?://[^\s\"'<>/]+(/mailing/c/[^\s\"'<>]+)")


@exit_on_setup_error
def main() -> None:
    # A closed terminal, or a request to stop, is treated as Ctrl-C; and Ctrl-C counts
    # in the background too, where shells have it ignored.
    for request in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(request, signal.default_int_handler)
    busy = "the demo of this clone is running already, see its terminal"
    # Each of the two databases has mails of its own: a link is one into its own.
    mails = state("mails", "everything" if EVERYTHING else "contacts")
    with locked(state(), "demo", busy), SmtpSink(mails) as sink:
        _ensure_database(sink)
        mails_before = len(sink.files())
        server = _server(sink)
        try:
            result = _ask(server, sink)
            server.start()
            link = _link(server, sink)
            _check(link)
            result.check_reach()
            _read(server, sink.messages()[mails_before:])
            result.mails = len(sink.files()) - mails_before
            _report(server, sink, result, link)
            if "--once" not in sys.argv:
                _wait_for_the_end(server)
        finally:
            server.stop()


def _server(sink: SmtpSink) -> odoo_process.OdooServer:
    """The port of the first time if it is free: the links in the mails lead there."""
    note = state() / "demo.port"
    port = int(note.read_text()) if note.exists() else 8069
    log = state("logs") / "demo.log"
    # Without workers, or browsers would need a proxy to hear of news.
    options = {"workers": 0, "smtp_port": sink.port, "port": port}
    server = odoo_process.OdooServer(DATABASE, log, **options)
    if not note.exists():
        note.write_text(str(server.port))
    return server


def _ensure_database(sink: SmtpSink) -> None:
    wanted = template.fingerprint(EVERYTHING)
    # Who was asked is not asked again: without those mails there is nothing to show.
    found = databases.marked(DATABASE) if sink.files() else None
    if found == wanted:
        return
    log = state("logs") / "demo-install.log"
    if found:
        with step(f"Demo database: updating {ADDONS}"):
            odoo_process.run(log, "-d", DATABASE, "-u", ADDONS, "--stop-after-init")
    else:
        with step(f"Demo database: installing {ADDONS} with demo data"):
            # Without a mark or a mail it was never finished.
            databases.drop(DATABASE)
            sink.clear()
            arguments = ["-d", DATABASE, "-i", ADDONS, "--with-demo"]
            odoo_process.run(log, *arguments, "--stop-after-init")
    databases.mark(DATABASE, wanted)


def _ask(server: odoo_process.OdooServer, sink: SmtpSink) -> Result:
    """Enable consents and run the daily job, both as an administrator would."""
    result = state() / "demo-result.json"
    result.unlink(missing_ok=True)
    os.environ["DEMO_URL"] = server.url
    os.environ["DEMO_RESULT"] = str(result)
    with step("Demo: enabling consents, running the daily job, delivering its mails"):
        odoo_process.run(
            state("logs") / "demo-setup.log",
            "shell",
            *("-d", DATABASE, "--no-http"),
            *("--smtp=127.0.0.1", f"--smtp-port={sink.port}"),
            stdin="\n".join(path.read_text() for path in SETUP),
        )
    return Result(**json.loads(result.read_text()))


def _link(server: odoo_process.OdooServer, sink: SmtpSink) -> str:
    """A personal preferences link, out of the newest mail that has one."""
    for message in reversed(sink.messages()):
        if found := LINK.search(_text(message)):
            return server.url + found[1]
    raise SetupError(f"no mail in {sink.folder} has a preferences link")


def _check(link: str) -> None:
    # The link puts the person's session into a cookie and leads on to the page.
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    try:
        with opener.open(link, timeout=PATIENCE) as answer:
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
    if status != 200:
        raise SetupError(f"the preferences page answers {status} instead of 200")


def _read(server: odoo_process.OdooServer, messages: list[EmailMessage]) -> None:
    """Some open the mailing that has just been sent, and fewer follow its link."""
    read = [found for one in messages if (found := COUNTED.findall(_text(one)))]
    for paths in read[:7]:
        _open(server, next(path for path in paths if path.endswith(".gif")))
    for paths in read[:3]:
        _open(server, next(path for path in paths if not path.endswith(".gif")))


def _text(message: EmailMessage) -> str:
    body = message.get_body(("html", "plain"))
    return body.get_content() if body else ""


def _open(server: odoo_process.OdooServer, path: str) -> None:
    """As a mail program does, and no further."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.request("GET", path, headers={"User-Agent": "Mozilla/5.0"})
    connection.getresponse().read()
    connection.close()


def _report(
    server: odoo_process.OdooServer, sink: SmtpSink, result: Result, link: str
) -> None:
    folder = os.path.relpath(sink.folder, Path.cwd())
    print(
        f"\n"
        f"  People asked      {result.asked} ({result.mails} mails in this run)\n"
        f"  Contacts          {server.url}/odoo/contacts\n"
        f"  Login             admin, password admin\n"
        f"  Mails             {folder} ({len(sink.files())} files)\n"
        f"  Preferences page  {link}\n"
        + "".join(
            f"  {label:<17} {server.url}{path}\n"
            for label, path in result.pages.items()
        )
        + (f"  Newsletter        {result.reach_in_words()}\n" if result.reach else ""),
        flush=True,
    )
    if result.failed:
        raise SetupError(f"{result.failed} mails could not be delivered")


def _wait_for_the_end(server: odoo_process.OdooServer) -> None:
    say("Ctrl-C stops Odoo and the mail server.")
    with contextlib.suppress(KeyboardInterrupt):
        server.wait()
        raise SetupError(f"Odoo ended by itself, see {server.log}")


if __name__ == "__main__":
    main()
