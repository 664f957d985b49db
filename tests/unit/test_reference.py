"""What integrators read about the calls is what the code says."""

import ast
import json
import re
from pathlib import Path

import pytest

from dev.lib import reference

REPO = Path(__file__).parents[2]
ROOM = REPO / "privacy_guard" / "models" / "api"
TEXT = reference.INTEGRATOR.read_text(encoding="utf-8")
SECTION = re.compile(r"^### (\w+)\(([^\n]*)\)\n(.*?)(?=^##)", re.MULTILINE | re.DOTALL)
JSON = re.compile(r"^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)
RAISED = re.compile(r":raise (\w+):")


def calls():
    """:return: {name: node} of what other programs may call"""
    nodes = {}
    for path in sorted(ROOM.glob("privacy_api*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                nodes[node.name] = node
    return nodes


def sections():
    """:return: {name: (arguments, what is said)}"""
    return {name: (args, text) for name, args, text in SECTION.findall(TEXT)}


def test_every_call_has_a_section_and_nothing_else():
    assert sections().keys() == calls().keys()


@pytest.mark.parametrize("name", calls())
def test_call_is_as_it_is_said_to_be(name):
    node, (args, text) = calls()[name], sections()[name]
    assert args == ast.unparse(node.args).removeprefix("self, ")
    sent = json.loads(JSON.findall(text)[0])
    assert sent.keys() <= set(re.findall(r"\w+", args)), "the example sends others"
    required = node.args.args[1 : len(node.args.args) - len(node.args.defaults)]
    assert {arg.arg for arg in required} <= sent.keys()
    for example in JSON.findall(text):
        json.loads(example)


@pytest.mark.parametrize("name", calls())
def test_errors_are_named(name):
    raised = set(RAISED.findall(ast.get_docstring(calls()[name])))
    errors = sections()[name][1].partition("Errors:")[2]
    assert set(re.findall(r"\w+Error", errors)) == raised


def test_answers_have_the_keys_of_the_code():
    """Of the calls that answer with dicts, as far as these are written in one place."""
    source = "".join(path.read_text() for path in sorted(ROOM.glob("*.py")))
    for name in ("check", "consents", "send_request"):
        for row in json.loads(JSON.findall(sections()[name][1])[1]):
            assert all(f'"{key}": ' in source for key in row)


def test_table_of_what_may_be_imported_is_current():
    found = reference.BLOCK.search(TEXT)
    assert found[0] == reference.promised_table(), "run make docs"
