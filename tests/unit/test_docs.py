"""What the documents name exists: files, models, methods, tests, commands, links."""

import re
from functools import cache
from pathlib import Path

import polib
import pytest
from lxml import etree

from dev import numbers

REPO = Path(__file__).parents[2]
ADDON = REPO / "privacy_guard"
ADDONS = [manifest.parent for manifest in sorted(REPO.glob("*/__manifest__.py"))]
# A changelog may name what is no more, the others say what is there.
CHANGELOG = REPO / "CHANGELOG.md"
DOCUMENTS = [
    *sorted({*REPO.glob("*.md")} - {CHANGELOG}),
    *sorted((REPO / "docs").rglob("*.md")),
]
MARKDOWN = [
    *(CHANGELOG, *DOCUMENTS),
    *sorted((REPO / ".github").rglob("*.md")),
    *sorted(REPO.glob("*/readme/*.md")),
]
SOURCES = (".py", ".xml", ".csv", ".toml", ".js", ".css")
# Names of Odoo, of its options and of Python that our own code does not mention.
OTHERS = {
    *(
        "header_size_limit",
        "limit_time_real_cron",
        "proxy_mode",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "apt-get",
        "database.secret",
        "dbfilter",
        "odoo.tools.SQL",
        "vals",
    ),
    *("SQL.identifier()", "_commit_progress()", "env.execute_query()"),
    *("self.env._()", "sudo()"),
}

TOKEN = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(r"[\w.-]+(/[\w.-]*)+|[\w-]+\.(py|md|xml|json)")
CODE = re.compile(r"(?!(.*/)?test_).*\.py")
METHOD = re.compile(r"(?:([A-Za-z_.]+)\.)?(\w+)\(\)")
TEST = re.compile(r"([\w/]*test_\w+\.py)::(test_\w+)")
NAME = re.compile(r"[A-Za-z_][\w.-]*")


def text_of(document):
    return document.read_text(encoding="utf-8")


def prose(document):
    """:return: the lines outside code blocks"""
    return FENCE.sub("", text_of(document)).splitlines()


def tokens(document):
    """:return: (token, its line) of everything in backticks"""
    return [(token, line) for line in prose(document) for token in TOKEN.findall(line)]


def resolve(path):
    """:return: the file or folder, from the repository, the add-on or its tests, which
    are called by their name alone, whatever room they are in"""
    bases = (REPO, ADDON, ADDON / "tests", *(ADDON / "tests").glob("*/"))
    return next((base / path for base in bases if (base / path).exists()), None)


@cache
def code():
    """:return: {file: its text} of all code, tests included"""
    files = [
        path
        for folder in (*ADDONS, REPO / "dev", REPO / "tests")
        for path in sorted(folder.rglob("*"))
        if path.suffix in SOURCES and path != Path(__file__)
    ]
    return {path: path.read_text(encoding="utf-8") for path in files}


def defined_in(name):
    """:return: the files that define a function, method or class"""
    pattern = re.compile(rf"^\s*(async def|def|class) {name}\b", re.MULTILINE)
    return [
        path
        for path, text in code().items()
        if name in text and pattern.search(text)  # the former is much faster
    ]


def obstacle(token, line):
    """:return: what a token names that does not exist, else nothing"""
    if token in OTHERS or token.startswith("/"):
        return None
    if found := TEST.fullmatch(token):
        return _test_obstacle(*found.groups())
    if found := METHOD.fullmatch(token):
        return _method_obstacle(*found.groups(), line)
    if PATH.fullmatch(token):
        return None if resolve(token) else "no such file"
    if NAME.fullmatch(token):
        return _name_obstacle(token)
    return None  # a command or an example


def _test_obstacle(path, name):
    file = resolve(path)
    if not file:
        return "no such file of tests"
    return None if file in defined_in(name) else "no such test in it"


def _method_obstacle(owner, name, line):
    files = defined_in(name)
    if not files:
        return "no such method"
    # a row that names one file says where the method is
    paths = [token for token in TOKEN.findall(line) if CODE.fullmatch(token)]
    if line.startswith("|") and len(paths) == 1 and resolve(paths[0]) not in files:
        return f"not in {paths[0]}"
    if owner and "." in owner:
        own = [path for path in files if f'"{owner}"' in code()[path]]
        return None if own else f"not a method of {owner}"
    return None


def _name_obstacle(name):
    """Models, fields, values, parameters: as it is, or what follows the add-on."""
    names = {name, name.removeprefix("privacy_guard.")}
    known = any(
        n in text and re.search(rf"(?<![\w.]){re.escape(n)}(?!\w)", text)
        for n in names
        for text in code().values()
    )
    return None if known else "not in the code"


def anchors(document):
    """:return: what GitHub names the headings"""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text_of(document)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_is_named_exists(document):
    wrong = {token: obstacle(token, line) for token, line in tokens(document)}
    assert {token: why for token, why in wrong.items() if why} == {}


@pytest.mark.parametrize(
    "document", MARKDOWN, ids=lambda path: str(path.relative_to(REPO))
)
def test_links_lead_somewhere(document):
    for link in LINK.findall(text_of(document)):
        path, _hash, anchor = link.partition("#")
        assert not path.startswith("http"), link
        target = document.parent / path if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_of_make_exist(document):
    targets = re.findall(r"^([a-z]+):", (REPO / "Makefile").read_text(), re.MULTILINE)
    for command in re.findall(r"(?:`|^)make ([a-z]+)", text_of(document), re.MULTILINE):
        assert command in targets


def test_numbers_are_those_measured():
    found = numbers.BLOCK.search(text_of(numbers.README))
    assert found[0] == numbers.table(), "run ./dev/python -m dev.numbers"


@pytest.mark.parametrize(
    "token, line, found",
    [
        ("models/absent.py", "", "no such file"),
        ("absent_method()", "", "no such method"),
        ("privacy.gate._split_write()", "", None),
        ("mail.mail._split_write()", "", "not a method of mail.mail"),
        (
            "save()",
            "| `models/mail/mail_mail.py` `save()` |",
            "not in models/mail/mail_mail.py",
        ),
        ("absent_name", "", "not in the code"),
        ("test_merge.py::test_absent", "", "no such test in it"),
    ],
)
def test_the_checks_find_what_is_wrong(token, line, found):
    assert obstacle(token, line) == found


SAID = re.compile(r"(?<![*\w])\*([A-Z][^*]*?)\*(?!\*)")
# what the interface says, but Odoo's own
ODOO_SAYS = {"Settings", "Privacy user", "Privacy officer", "Export All"}


@pytest.mark.parametrize(
    "guide", sorted((REPO / "docs" / "guide").glob("*.md")), ids=lambda path: path.name
)
def test_guides_call_things_as_the_screens_do(guide):
    known = {
        entry.msgid
        for source in REPO.glob("privacy_guard*/i18n/*.pot")
        for entry in polib.pofile(source)
    }
    said = [" ".join(name.split()) for name in SAID.findall(text_of(guide))]
    names = {part for name in said for part in name.split(" > ")}
    assert names - known - ODOO_SAYS == set()


def test_all_scheduled_actions_are_told_of():
    made = {
        name.text
        for file in REPO.glob("privacy_guard*/data/*.xml")
        for name in etree.parse(file).iterfind(
            ".//record[@model='ir.cron']/field[@name='name']"
        )
    }
    told = text_of(REPO / "docs" / "operations.md")
    assert {name for name in made if f"| {name} |" not in told} == set()
