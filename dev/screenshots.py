"""`make screenshots`: the pictures of the documents and of the add-ons, in one run.

They are taken of a copy of the demo, which goes afterwards: the demo stays as it is.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from dev.lib import databases, headless, odoo_process
from dev.lib.messages import exit_on_setup_error, say, step
from dev.lib.paths import REPO, state

DOCS = REPO / "docs" / "screenshots"
SETUP = REPO / "dev" / "demo_screenshots.py"
# Nothing moves any more: no request is on its way, every picture is there.
READY = """document.readyState === 'complete'
    && !document.querySelector('.o_loading_indicator, .o_blockUI')
    && [...document.images].every(i => i.complete || i.loading === 'lazy')"""


@dataclass(frozen=True)
class Shot:
    """One picture: `path` may name what the setup has noted; what is clicked on, in
    their order, and what has to be there before the next step."""

    name: str
    path: str
    shows: str
    clicks: tuple[str, ...] = ()
    size: tuple[int, int] = (1280, 900)
    whole: bool = False
    # add-ons whose page in Apps has it, too
    addons: tuple[str, ...] = ()


SHOTS = [
    Shot(
        "overview",
        "/odoo/action-privacy_guard.privacy_dashboard_action",
        ".o_kanban_record",
    ),
    Shot(
        "consents",
        "/odoo/action-privacy_guard.consent_purpose_action",
        ".o_data_row",
        addons=("privacy_guard",),
    ),
    Shot(
        "contact-consents",
        "/odoo/contacts/{maya}",
        ".tab-pane.active [name='consent_ids'] .o_data_row",
        (".nav-link[name='consents']",),
        addons=("privacy_guard",),
    ),
    Shot(
        "requests",
        "/odoo/action-privacy_guard.privacy_request_action",
        ".o_kanban_record",
    ),
    Shot(
        "erasure",
        "/odoo/action-privacy_guard.privacy_erasure_action/{erasure}",
        ".o_form_view .o_data_row",
    ),
    Shot(
        "prerequisites",
        "/odoo/action-privacy_guard.consent_prerequisites_action",
        ".modal .o_form_view",
        addons=("privacy_guard",),
    ),
    Shot(
        "encryption",
        "/odoo/action-privacy_guard.privacy_field_action/{field}",
        ".modal .o_form_view",
        ("button[name='action_encrypt']",),
    ),
    Shot(
        "settings",
        "/odoo/settings#privacy_guard",
        "#privacy_enabled",
        size=(1280, 590),
    ),
    Shot(
        "mailing",
        "/odoo/mailing.mailing/{mailing}",
        ".o_field_privacy_exclusions",
        addons=("privacy_guard_mass_mailing",),
    ),
    Shot(
        "lead-consents",
        "/odoo/crm.lead/{lead}",
        ".tab-pane.active [name='consent_ids'] .o_data_row",
        (".nav-link[name='consents']",),
        addons=("privacy_guard_crm",),
    ),
    Shot(
        "web-form",
        "/contactus",
        "form[data-privacy-purposes]",
        whole=True,
        addons=("privacy_guard_website",),
    ),
    Shot("preferences", "{link}", "form", whole=True, addons=("privacy_guard",)),
    Shot("preferences-phone", "{link}", "form", size=(360, 740)),
]


def files(shot: Shot) -> list[Path]:
    """:return: where the picture goes"""
    pages = [REPO / addon / "static" / "description" for addon in shot.addons]
    return [folder / f"{shot.name}.png" for folder in (DOCS, *pages)]


@exit_on_setup_error
def main() -> None:
    wanted = sys.argv[1:] or [shot.name for shot in SHOTS]
    demo = [sys.executable, "-m", "dev.demo", "--everything", "--once"]
    subprocess.run(demo, check=True, cwd=REPO)
    database = databases.copy(databases.own_name("demo_all"), "screenshots")
    log = state("logs") / "screenshots.log"
    server = odoo_process.OdooServer(database, log, workers=0)
    try:
        world = _prepare(database, server.url)
        server.start()
        with step("Taking the pictures"), headless.started() as browser:
            _log_in(browser, server.url, database)
            for shot in (shot for shot in SHOTS if shot.name in wanted):
                say(f"    {shot.name}")
                _save(shot, _take(browser, shot, server.url, world))
    finally:
        server.kill()
        databases.drop(database)


def _prepare(database: str, url: str) -> dict[str, str]:
    result = state() / "screenshots.json"
    os.environ |= {"DEMO_URL": url, "DEMO_RESULT": str(result)}
    log = state("logs") / "screenshots-setup.log"
    arguments = ("shell", "-d", database, "--no-http")
    odoo_process.run(log, *arguments, stdin=SETUP.read_text())
    world: dict[str, str] = json.loads(result.read_text())
    return world


def _log_in(browser: headless.Browser, url: str, database: str) -> None:
    login = {"db": database, "login": "admin", "password": "admin"}
    call = {
        "method": "POST",
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"jsonrpc": "2.0", "params": login}),
    }
    with browser.page() as page:
        page.open(f"{url}/web/health")
        page.wait("location.pathname == '/web/health'")
        page.run(f"fetch('/web/session/authenticate', {json.dumps(call)})")


def _take(
    browser: headless.Browser, shot: Shot, url: str, world: dict[str, str]
) -> bytes:
    path = shot.path.format(**world)
    with browser.page() as page:
        page.open(path if path.startswith("http") else url + path, *shot.size)
        for selector in shot.clicks:
            found = f"document.querySelector({json.dumps(selector)})"
            page.wait(found)
            page.run(f"{found}.click()")
        page.wait(f"document.querySelector({json.dumps(shot.shows)})")
        page.wait(READY)
        return page.picture(shot.whole)


def _save(shot: Shot, picture: bytes) -> None:
    first, *others = files(shot)
    first.write_bytes(picture)
    for path in others:
        shutil.copyfile(first, path)


if __name__ == "__main__":
    main()
