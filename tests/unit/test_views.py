"""What a view names, it holds: nothing else sees it before a browser does."""

import ast
from pathlib import Path

import pytest
from lxml import etree

REPO = Path(__file__).parents[2]
ADDONS = [manifest.parent for manifest in sorted(REPO.glob("*/__manifest__.py"))]


def views():
    """:return: (XML id, top node of the arch) of every view in our add-ons"""
    for file in sorted(path for addon in ADDONS for path in addon.rglob("*.xml")):
        for arch in etree.parse(file).iterfind(
            ".//record[@model='ir.ui.view']/field[@name='arch']"
        ):
            yield (
                f"{file.relative_to(REPO).parts[0]}.{arch.getparent().get('id')}",
                arch,
            )


def view_of(node):
    """:return: the arch, or the list of records with views of its own, that it is in"""
    return next(
        field
        for field in node.iterancestors("field")
        if len(field) and not field.get("position")
    )


def named(node):
    """:return: what a node names that has to be a field of its view: the file name of
    a document, and in options each text that is no model

    Odoo itself adds what conditions like `invisible` need, and refuses what contexts
    and domains lack."""
    yield from filter(None, [node.get("filename")])
    for value in ast.literal_eval(node.get("options", "{}")).values():
        if isinstance(value, str) and "." not in value:
            yield value


@pytest.mark.parametrize("arch", [pytest.param(a, id=name) for name, a in views()])
def test_a_view_holds_the_fields_that_it_names(arch):
    fields = arch.findall(".//field")
    held = {(view_of(field), field.get("name")) for field in fields}
    for field in fields:
        missing = {name for name in named(field) if (view_of(field), name) not in held}
        assert not missing, field.get("name")


@pytest.mark.parametrize("arch", [pytest.param(a, id=name) for name, a in views()])
def test_a_setting_has_a_name(arch):
    """Odoo shows the help of one that has; it takes the name of a field that is its
    first node."""
    for setting in arch.iter("setting"):
        named_by_field = len(setting) and setting[0].tag == "field"
        assert setting.get("string") or named_by_field, setting.get("id")
