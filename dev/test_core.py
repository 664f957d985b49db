"""`make test-core`: Odoo's own tests, without our add-ons, with all of them, and with
consents enabled and one that everybody is asked.

Says how far it is, prints each test that ends differently than without, and fails for
one that nothing in `dev/core_differences.txt` explains. Arguments are names of add-ons
of Odoo: `make test-core ARGS="mail crm"`.
"""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

from dev.lib import browser, databases, odoo_process, odoo_source, template
from dev.lib.messages import SetupError, exit_on_setup_error, say, step
from dev.lib.paths import REPO, locked, state

WITHOUT, WITH, ENABLED = NAMES = ("without", "with", "enabled")
ENDINGS = ("failure", "error", "skipped")
EXPLAINED = REPO / "dev" / "core_differences.txt"
PERCENT = re.compile(r"\[ *(\d+)%\]$", re.MULTILINE)
# In it, before what differs only while consents are enabled.
HEADER = f"[{ENABLED}]"
ENABLE = REPO / "dev" / "prepare_consents.py"
# Browsers of the tests wait for seconds: more at once would end otherwise.
AT_ONCE = 2
# Where the add-ons reach into Odoo. The whole suites take hours; these take minutes.
SELECTION = {
    "mail": ["test_mail_composer", "test_mail_mail", "test_mail_message",
             "test_mail_render", "test_mail_template", "test_res_partner",
             "test_res_users", "test_mail_activity", "test_ir_mail_server"],
    "portal": ["test_addresses", "test_portal", "test_portal_wizard", "test_login"],
    "crm": ["test_crm_lead", "test_crm_lead_convert", "test_crm_lead_convert_mass",
            "test_crm_lead_duplicates", "test_crm_lead_merge",
            "test_crm_lead_notification", "test_res_partner"],
    "mass_mailing": ["test_mailing_controllers", "test_mailing_internals",
                     "test_mailing_list", "test_mailing_ab_testing",
                     "test_mailing_retry"],
    "sms": ["test_sms_composer", "test_sms_template"],
    "website_crm": ["test_crm_lead_merge", "test_website_crm", "test_website_visitor"],
    "sale": ["test_sale_order", "test_controllers", "test_sale_to_invoice"],
    "account": ["test_account_partner", "test_account_move_send",
                "test_portal_invoice", "test_res_partner_merge"],
    "test_mail": ["test_mail_composer", "test_mail_mail", "test_mail_gateway",
                  "test_mail_message", "test_message_post", "test_mail_template"],
    "test_mail_sms": ["test_sms_composer", "test_sms_controller", "test_sms_mixin",
                      "test_sms_post", "test_sms_server_actions", "test_sms_sms",
                      "test_sms_management", "test_phone_blacklist"],
    "test_mass_mailing": ["test_mailing", "test_mailing_server", "test_link_tracker",
                          "test_mail_composer", "test_blacklist", "test_mailing_sms",
                          "test_link_tracker_sms", "test_sms_controller"],
}  # fmt: skip


@exit_on_setup_error
def main() -> int:
    os.environ["PATH"] = browser.on_path(os.environ["PATH"])
    chosen = sys.argv[1:] or list(SELECTION)
    paths = [str(path) for name in chosen for path in _files(name)]
    with step(f"Odoo's own tests of {', '.join(chosen)}: {', '.join(NAMES)}"):
        copies = [databases.copy(name, "core") for name in _databases()]
        try:
            for name in NAMES:
                _log(name).unlink(missing_ok=True)
            _enable(copies[-1])
            with ThreadPoolExecutor(AT_ONCE) as pool:
                runs = [
                    pool.submit(_run, name, database, paths)
                    for name, database in zip(NAMES, copies, strict=True)
                ]
                _follow(runs)
        finally:
            for database in copies:
                databases.drop(database)
    without, with_us, enabled = map(_outcomes, NAMES)
    explained = _explained()
    unexplained = _compare(without, with_us, WITH, explained[WITH])
    # what differs with us differs as well when consents are enabled
    reasons = explained[WITH] | explained[ENABLED]
    unexplained += _compare(without, enabled, ENABLED, reasons)
    say(f"{unexplained} differences that nothing explains")
    return int(bool(unexplained))


def _files(name: str) -> list[Path]:
    source = odoo_source.find()
    for addons in (source.root / "odoo" / "addons", *source.addons):
        if (addons / name / "tests").is_dir():
            return [addons / name / "tests" / f"{stem}.py" for stem in SELECTION[name]]
    raise SetupError(f"this Odoo has no tests of {name}")


def _databases() -> tuple[str, str, str]:
    """:return: databases to copy, one for each run"""
    needed = [name for name in SELECTION if name not in template.needed(True)]
    plain = _build("core_without", template.dependencies(True), needed)
    ours = template.addons(everything=True)
    with_us = _build("core_with", plain, ours)
    return plain, with_us, with_us


def _build(purpose: str, source: str, addons: list[str]) -> str:
    name = databases.own_name(purpose)
    with locked(state(), name):
        wanted = f"{source} {addons} {template.fingerprint(True)}"
        if databases.marked(name) != wanted:
            with step(f"Database: installing {', '.join(addons)}"):
                log = state("logs") / f"{purpose}.log"
                template.build(name, source, addons, log, [template.ASSETS])
            databases.mark(name, wanted)
    return name


def _enable(database: str) -> None:
    log = state("logs") / f"core-{ENABLED}-script.log"
    odoo_process.run(log, "shell", "-d", database, stdin=ENABLE.read_text())


def _run(name: str, database: str, paths: list[str]) -> None:
    _report(name).unlink(missing_ok=True)
    plugins = ["-p", "dev.lib.shared_addresses"] if name == ENABLED else []
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-c", str(REPO / "pyproject.toml")),
        # so that each test is named after its file
        f"--rootdir={odoo_source.find().root}",
        f"--odoo-database={database}",
        "--odoo-http",
        f"--junitxml={_report(name)}",
        *plugins,
        *paths,
    ]
    with open(_log(name), "w") as log:
        subprocess.run(command, cwd=REPO, stdout=log, stderr=subprocess.STDOUT)


def _follow(runs: list[Future[None]]) -> None:
    """Wait for all, and say how far they are, tenth by tenth."""
    started, told = time.monotonic(), 0
    while not all(run.done() for run in runs):
        percent = sum(map(_percent, NAMES)) // len(NAMES)
        if percent >= told + 10:
            told = percent
            say(f"    {percent} % after {time.monotonic() - started:.0f} s")
        time.sleep(1)
    for run in runs:
        run.result()


def _percent(run: str) -> int:
    """:return: how much of a run is done, as its log says"""
    text = _log(run).read_text() if _log(run).exists() else ""
    return max(map(int, PERCENT.findall(text)), default=0)


def _log(run: str) -> Path:
    return state("logs") / f"core-{run}.log"


def _report(name: str) -> Path:
    return state("logs") / f"core-{name}.xml"


def _outcomes(run: str) -> dict[str, str]:
    """:return: {name of a test: passed, failure, error or skipped}"""
    if not _report(run).exists():
        raise SetupError(f"no tests ran, see {_log(run)}")
    outcomes = {}
    for case in ElementTree.parse(_report(run)).getroot().iter("testcase"):
        ended = [child.tag for child in case if child.tag in ENDINGS]
        name = f"{case.get('classname')}.{case.get('name')}"
        outcomes[name.partition("addons.")[2] or name] = (ended or ["passed"])[0]
    return outcomes


def _compare(
    without: dict[str, str], outcomes: dict[str, str], run: str, reasons: dict[str, str]
) -> int:
    """:return: number of differences that nothing explains"""
    passed = sum(outcome == "passed" for outcome in outcomes.values())
    say(f"{run}: {len(outcomes)} tests, {passed} passed; {len(without)} without us")
    if not without or not outcomes:
        raise SetupError(f"no tests ran, see {state('logs')}")
    unexplained = 0
    for name in sorted(without.keys() | outcomes.keys()):
        before, after = without.get(name, "absent"), outcomes.get(name, "absent")
        if before != after:
            reason = reasons.get(name)
            unexplained += not reason
            say(f"{name}: {before} without us, {after} {run} ({reason or 'WHY?'})")
    return unexplained


def _explained() -> dict[str, dict[str, str]]:
    """:return: {run: {name of a test: why it ends differently}}"""
    always, _header, enabled = EXPLAINED.read_text().partition(f"\n{HEADER}\n")
    return {WITH: _reasons(always), ENABLED: _reasons(enabled)}


def _reasons(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if line and line[0] != "#"]
    pairs = (line.split(" ", 1) for line in lines)
    return {name: reason.strip() for name, reason in pairs}


if __name__ == "__main__":
    sys.exit(main())
