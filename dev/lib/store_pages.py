"""What an add-on shows of itself in *Apps*: made of its manifest, of `readme/` and of
the pictures beside, so that nothing is said twice."""

from __future__ import annotations

import ast
import html
from pathlib import Path

import markdown  # type: ignore[import-untyped]

from .checks import addons
from .paths import REPO

# file in readme/ -> its heading
PARTS = {
    "DESCRIPTION": "",
    "CONFIGURE": "First steps",
    "USAGE": "How to use it",
    "ALTERNATIVES": "Beside other ways",
    "FAQ": "Questions",
    "LIMITS": "What is not promised",
}
# picture -> what it shows
PICTURES = {
    "contact-consents": "The consents of a contact: each with its value, since when, "
    "and when the person was asked",
    "consents": "The list of consents",
    "preferences": "The page that people decide on: one question per consent",
    "prerequisites": "What enabling would do, before it is done",
    "lead-consents": "A lead with the consents of its person",
    "mailing": "A mailing that says who will not get it, and why",
    "web-form": "A form of the website that asks for consent",
}
SECTION = """\
<section class="oe_container">
    <div class="oe_row">
{content}
    </div>
</section>
"""
PICTURE = '<img class="img img-fluid border rounded" src="{name}.png" alt="{shows}" />'


def store_pages() -> dict[Path, str]:
    """:return: {file of an add-on: what it has to hold}"""
    return {
        REPO / addon / "static" / "description" / "index.html": _page(REPO / addon)
        for addon in addons()
    }


def _page(addon: Path) -> str:
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
    title = f'<h2 class="oe_slogan">{html.escape(manifest["name"])}</h2>'
    summary = f'<h3 class="oe_slogan">{html.escape(manifest["summary"])}</h3>'
    parts = [title + summary, *_pictures(addon)]
    for name, heading in PARTS.items():
        file = addon / "readme" / f"{name}.md"
        if file.exists():
            text = file.read_text(encoding="utf-8")
            said = markdown.markdown(text, output_format="html")
            parts.append(f"<h3>{heading}</h3>{said}" if heading else said)
    return "".join(SECTION.format(content=part) for part in parts)


def _pictures(addon: Path) -> list[str]:
    folder = addon / "static" / "description"
    return [
        PICTURE.format(name=name, shows=html.escape(shows))
        for name, shows in PICTURES.items()
        if (folder / f"{name}.png").exists()
    ]
