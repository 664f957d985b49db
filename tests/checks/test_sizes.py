"""Code of the add-ons is read in pieces: short files, short methods."""

import ast

import pytest

from dev.lib import checks
from dev.lib.paths import REPO

MOST_LINES_OF_A_FILE = 250
# their docstrings aside
MOST_LINES_OF_A_METHOD = 40


def code(suffix):
    """:return: files of all add-ons but for those of tests"""
    return [
        path
        for addon in checks.addons()
        for path in sorted((REPO / addon).rglob(f"*{suffix}"))
        if "tests" not in path.relative_to(REPO).parts
    ]


def length(function):
    """:return: number of lines of a function as it is parsed"""
    first = function.body[0]
    told = ast.get_docstring(function) is not None
    docstring = first.end_lineno - first.lineno + 1 if told else 0
    return function.end_lineno - function.lineno + 1 - docstring


@pytest.mark.parametrize("suffix", [".py", ".js", ".scss"])
def test_files_are_short(suffix):
    files = code(suffix)
    assert files
    lengths = {
        str(path.relative_to(REPO)): len(path.read_text().splitlines())
        for path in files
    }
    assert [
        name for name, count in lengths.items() if count > MOST_LINES_OF_A_FILE
    ] == []


def test_methods_are_short():
    too_long = [
        f"{path.relative_to(REPO)}: {node.name}"
        for path in code(".py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and length(node) > MOST_LINES_OF_A_METHOD
    ]
    assert too_long == []


def test_what_is_counted():
    [function] = ast.parse('def f():\n    """One.\n\n    Two."""\n    return 1\n').body
    assert length(function) == 2
