"""No room imports from one that is loaded after it: see docs/architecture.md."""

import ast

import pytest

from dev.lib.paths import REPO

MODELS = REPO / "privacy_guard" / "models"
# What is no model lies below all rooms, and imports nothing but its own kind.
GROUND = (
    "access",
    "attempts",
    "background",
    "constants",
    "data_map",
    "emptying",
    "fields",
    "left_out",
    "notifications",
    "readers",
    "responses",
    "searching",
    "tools",
    "turns",
)


def loaded():
    """:return: the rooms, in the order in which they are loaded"""
    tree = ast.parse((MODELS / "__init__.py").read_text())
    return [alias.name for node in tree.body for alias in node.names]


ROOMS = loaded()


def imported(path):
    """:return: modules that a file imports of the add-on, as tuples of names"""
    package = path.relative_to(REPO).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.ImportFrom):
            continue
        if node.level:
            base = package[: len(package) - node.level + 1]
            module = (*base, *(node.module.split(".") if node.module else ()))
        elif (node.module or "").startswith("odoo.addons.privacy_guard."):
            module = tuple(node.module.split(".")[2:])
        else:
            continue
        for alias in node.names:
            yield (*module, alias.name)[1:]


def test_every_folder_is_a_room_that_is_loaded():
    folders = {path.parent.name for path in MODELS.glob("*/__init__.py")}
    assert set(ROOMS) == folders


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_from_rooms_above_it_only(room):
    allowed = {*ROOMS[: ROOMS.index(room) + 1]}
    upward = {
        f"{path.relative_to(MODELS)}: {'.'.join(names)}"
        for path in sorted((MODELS / room).rglob("*.py"))
        for names in imported(path)
        if names[0] not in GROUND and not (names[0] == "models" and names[1] in allowed)
    }
    assert not upward


@pytest.mark.parametrize("ground", GROUND)
def test_what_lies_below_the_rooms_imports_no_model(ground):
    place = REPO / "privacy_guard" / ground
    files = (
        sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    )
    upward = {
        f"{path.name}: {'.'.join(names)}"
        for path in files
        for names in imported(path)
        if names[0] not in GROUND
    }
    assert not upward
