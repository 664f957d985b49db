"""Other add-ons, ours included, import what is promised to them and nothing else."""

import ast
import re
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
PROMISED = "odoo.addons.privacy_guard.extending"
EXAMPLES = REPO / "tests" / "data"
EXAMPLE = EXAMPLES / "library_member"
ADDONS = [*sorted(REPO.glob("privacy_guard_*/")), EXAMPLE]


def promised():
    """:return: the names that `extending.py` promises"""
    tree = ast.parse((REPO / "privacy_guard" / "extending.py").read_text())
    (names,) = (
        ast.literal_eval(one.value)
        for one in tree.body
        if isinstance(one, ast.Assign) and one.targets[0].id == "__all__"
    )
    return names


def imported(source):
    """:return: (module, name) of what code imports from our add-ons, but by a path that
    begins with a dot: such a path stays in the add-on"""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found += [(node.module, alias.name) for alias in node.names]
    return [
        (module, name)
        for module, name in found
        if f"{module}.{name}".startswith("odoo.addons.privacy_guard")
    ]


def imports_of(addon):
    """:return: the same of an add-on, but for its tests: these use the core's"""
    files = [path for path in sorted(addon.rglob("*.py")) if is_code(path, addon)]
    return [one for path in files for one in imported(path.read_text())]


def is_code(path, addon):
    return "tests" not in path.relative_to(addon).parts


@pytest.mark.parametrize("addon", ADDONS, ids=lambda path: path.name)
def test_what_is_imported_is_promised(addon):
    names = set(promised())
    broken = [
        f"{module}: {name}"
        for module, name in imports_of(addon)
        if module != PROMISED or name not in names
    ]
    assert broken == []


def test_every_promise_is_used():
    used = {name for addon in ADDONS for _module, name in imports_of(addon)}
    assert sorted(set(promised()) - used) == [], "nothing is promised for later"


@pytest.mark.parametrize(
    "line, found",
    [
        ("import odoo.addons.privacy_guard.tools", True),
        ("from odoo.addons.privacy_guard import tools", True),
        ("from odoo.addons import privacy_guard", True),
        ("from odoo.addons.privacy_guard_sms.models.sms_sms import SmsSms", True),
        ("from odoo.addons.mail.tools.discuss import Store", False),
        ("from .privacy_web_form import BOX", False),
    ],
)
def test_what_is_an_import_of_ours(line, found):
    assert bool(imported(line)) == found


def examples():
    """:return: the blocks of code in the document"""
    text = (REPO / "docs" / "extending.md").read_text()
    return re.findall(r"^```(?:python|xml)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def lines(text):
    """:return: a text, however it is indented and spaced"""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


@pytest.mark.parametrize("block", examples(), ids=lambda block: block.split("\n")[0])
def test_examples_are_pieces_of_the_add_on(block):
    files = [*EXAMPLES.rglob("*.py"), *EXAMPLES.rglob("*.xml")]
    assert any(lines(block) in lines(path.read_text()) for path in files)


def test_there_are_examples():
    assert len(examples()) > 8
