"""The help that the screens lead to, the pages in Apps and the pictures are current."""

import ast
import re
from pathlib import Path

import pytest
from lxml import etree

from dev import screenshots
from dev.lib import documents, store_pages

REPO = Path(__file__).parents[2]
ADDONS = [manifest.parent for manifest in sorted(REPO.glob("*/__manifest__.py"))]
PAGES = REPO / "privacy_guard" / "static" / "src" / "help" / "help_pages.js"
LINK = re.compile(r"/privacy_guard/static/manual/([^\"]+)")
PICTURE = re.compile(r"screenshots/([\w-]+)\.png")
GENERATED = documents.help_files() | store_pages.store_pages()


@pytest.mark.parametrize("path", GENERATED, ids=lambda p: str(p.relative_to(REPO)))
def test_what_is_made_of_the_documents_is_current(path):
    assert path.read_text(encoding="utf-8") == GENERATED[path], "run make docs"


def help_pages():
    """:return: {model: page of the help}"""
    return dict(re.findall(r'"([\w.]+)": "([^"]+)"', PAGES.read_text()))


def linked_in_views():
    files = [path for addon in ADDONS for path in addon.glob("views/**/*.xml")]
    return [page for path in files for page in LINK.findall(path.read_text())]


def screens():
    """:return: models of ours with a list or form that is no dialogue"""
    found = set()
    for path in (path for addon in ADDONS for path in addon.rglob("*.xml")):
        for action in etree.parse(path).iterfind(
            ".//record[@model='ir.actions.act_window']"
        ):
            values = {field.get("name"): field.text for field in action}
            if values.get("target") != "new":
                found.add(values["res_model"])
    ours = ("consent.", "privacy.")
    return sorted(model for model in found if model.startswith(ours))


@pytest.mark.parametrize("model", screens())
def test_every_screen_has_a_page(model):
    assert model in help_pages()


@pytest.mark.parametrize("page", sorted({*help_pages().values(), *linked_in_views()}))
def test_page_has_what_it_is_about(page):
    name, _hash, part = page.partition("#")
    text = (documents.HELP / name).read_text(encoding="utf-8")
    assert f'id="{part}"' in text


def test_settings_contacts_and_mailings_lead_to_help():
    assert {page.partition(".")[0] for page in linked_in_views()} == {
        *("administrator", "salesperson", "marketing"),
    }


def test_pictures_are_those_that_the_script_takes():
    taken = {path for shot in screenshots.SHOTS for path in screenshots.files(shot)}
    icons = {addon / "static" / "description" / "icon.png" for addon in ADDONS}
    there = {
        *screenshots.DOCS.iterdir(),
        *(path for addon in ADDONS for path in addon.glob("static/description/*.png")),
    }
    assert there - icons == taken


def test_every_picture_is_shown():
    texts = [*REPO.glob("*.md"), *(REPO / "docs").rglob("*.md")]
    shown = {name for path in texts for name in PICTURE.findall(path.read_text())}
    assert shown == {shot.name for shot in screenshots.SHOTS}


@pytest.mark.parametrize("addon", ADDONS, ids=lambda path: path.name)
def test_add_on_has_a_face(addon):
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
    assert manifest["name"].startswith("Privacy Guard") and manifest["summary"]
    for name in ("icon.png", "icon.svg", "index.html"):
        assert (addon / "static" / "description" / name).exists()


def test_pictures_of_an_add_on_are_on_its_page():
    for shot in screenshots.SHOTS:
        for addon in shot.addons:
            page = REPO / addon / "static" / "description" / "index.html"
            assert f'src="{shot.name}.png"' in page.read_text()
