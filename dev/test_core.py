"""`make test-core`: Odoo's own tests, without our add-ons and with all of them.

Says meanwhile how far it is, prints each test that ends differently, and fails for one
that nothing in `dev/core_differences.txt` explains. Arguments are names of add-ons of
Odoo: `make test-core ARGS="mail crm"`.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

from dev.lib import browser, databases, odoo_source, template
from dev.lib.messages import SetupError, exit_on_setup_error, say, step
from dev.lib.paths import REPO, locked, state

NAMES = ("without", "with")
ENDINGS = ("failure", "error", "skipped")
EXPLAINED = REPO / "dev" / "core_differences.txt"
PERCENT = re.compile(r"\[ *(\d+)%\]$", re.MULTILINE)
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
    runs = {}
    with step(f"Odoo's own tests of {', '.join(chosen)}, without us and with us"):
        copies = [databases.copy(name, "core") for name in _databases()]
        try:
            for name, database in zip(NAMES, copies, strict=True):
                runs[name] = _start(name, database, paths)
            _follow(runs)
        finally:
            for database in copies:
                databases.drop(database)
    return _compare(*map(_outcomes, NAMES))


def _files(name: str) -> list[Path]:
    source = odoo_source.find()
    for addons in (source.root / "odoo" / "addons", *source.addons):
        if (addons / name / "tests").is_dir():
            return [addons / name / "tests" / f"{stem}.py" for stem in SELECTION[name]]
    raise SetupError(f"this Odoo has no tests of {name}")


def _databases() -> tuple[str, str]:
    """:return: databases to copy, without our add-ons and with them"""
    needed = [name for name in SELECTION if name not in template.needed(True)]
    plain = _build("core_without", template.dependencies(True), needed)
    ours = template.addons(everything=True)
    return plain, _build("core_with", plain, ours)


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


def _start(name: str, database: str, paths: list[str]) -> subprocess.Popen[bytes]:
    _report(name).unlink(missing_ok=True)
    command = [
        *(sys.executable, "-m", "pytest", "-q", "-c", str(REPO / "pyproject.toml")),
        # so that each test is named after its file
        f"--rootdir={odoo_source.find().root}",
        f"--odoo-database={database}",
        "--odoo-http",
        f"--junitxml={_report(name)}",
        *paths,
    ]
    with open(_log(name), "w") as log:
        return subprocess.Popen(command, cwd=REPO, stdout=log, stderr=subprocess.STDOUT)


def _follow(runs: dict[str, subprocess.Popen[bytes]]) -> None:
    """Wait for both, and say how far the slower one is, tenth by tenth."""
    started, told = time.monotonic(), 0
    while any(process.poll() is None for process in runs.values()):
        percent = min(map(_percent, runs))
        if percent >= told + 10:
            told = percent
            say(f"    {percent} % after {time.monotonic() - started:.0f} s")
        time.sleep(1)


def _percent(run: str) -> int:
    """:return: how much of a run is done, as its log says"""
    return max(map(int, PERCENT.findall(_log(run).read_text())), default=0)


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


def _compare(without: dict[str, str], with_us: dict[str, str]) -> int:
    explained = _explained()
    passed = sum(outcome == "passed" for outcome in with_us.values())
    say(f"{len(with_us)} tests with us, {passed} passed; {len(without)} without us")
    if not without or not with_us:
        raise SetupError(f"no tests ran, see {state('logs')}")
    unexplained = 0
    for name in sorted(without.keys() | with_us.keys()):
        before, after = without.get(name, "absent"), with_us.get(name, "absent")
        if before != after:
            reason = explained.get(name)
            unexplained += not reason
            say(f"{name}: {before} without us, {after} with us ({reason or 'WHY?'})")
    say(f"{unexplained} differences that nothing explains")
    return int(bool(unexplained))


def _explained() -> dict[str, str]:
    """:return: {name of a test: why it ends differently with us}"""
    lines = EXPLAINED.read_text().splitlines()
    pairs = (line.split(" ", 1) for line in lines if line and line[0] != "#")
    return {name: reason.strip() for name, reason in pairs}


if __name__ == "__main__":
    sys.exit(main())
