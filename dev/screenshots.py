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
    && [...document.images].every(image => image.complete)"""


@dataclass(frozen=True)
class Shot:
    """One picture: `path` may name what the setup has noted; what is clicked on, in
    their order, and what has to be there before the next step."""

    name: str
    path: str
    shows: str
    clicks: tuple[str, ...] = ()
    width: int = 1280
    height: int = 900
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
    Shot("settings", "/odoo/settings#privacy_guard", "#privacy_enabled", height=1500),
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
    Shot("preferences-phone", "{link}", "form", width=360, height=740, whole=True),
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
        with step("Taking the pictures"), headless.page() as page:
            _log_in(page, server.url)
            for shot in (shot for shot in SHOTS if shot.name in wanted):
                say(f"    {shot.name}")
                _save(shot, _take(page, shot, server.url, world))
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


def _log_in(page: headless.Page, url: str) -> None:
    page.size(1280, 900)
    page.open(f"{url}/web/login")
    page.wait("document.querySelector('#login, #password')")
    page.run(
        """document.querySelector('#login').value = 'admin';
        document.querySelector('#password').value = 'admin';
        document.querySelector('form.oe_login_form').submit()"""
    )
    page.wait("document.querySelector('.o_main_navbar')")


def _take(page: headless.Page, shot: Shot, url: str, world: dict[str, str]) -> bytes:
    page.size(shot.width, shot.height)
    path = shot.path.format(**world)
    page.open("about:blank")  # so that nothing of the page before is waited for
    page.open(path if path.startswith("http") else url + path)
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
