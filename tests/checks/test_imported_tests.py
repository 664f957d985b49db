"""Odoo runs the tests that their package imports, pytest those that it finds."""

import re

import pytest

from dev.lib.paths import REPO

TESTS = sorted(REPO.glob("privacy_guard*/tests/**/test_*.py"))


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(REPO)))
def test_it_is_imported_by_its_package(path):
    package = (path.parent / "__init__.py").read_text()
    assert re.search(rf"\b{path.stem}\b", package)
