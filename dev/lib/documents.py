"""The documents as pages: the site of `make docs`, and the help that is in the add-on.

The help is there without a network, and says what this version does.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import markdown  # type: ignore[import-untyped]

from dev.lib.paths import REPO  # not relative: MkDocs loads this file by its path

DOCS = REPO / "docs"
HELP = REPO / "privacy_guard" / "static" / "manual"
# What somebody looks up who sits before a screen.
PAGES = [
    *sorted((DOCS / "guide").glob("*.md")),
    *(DOCS / name for name in ("operations.md", "keys.md", "evidence.md")),
]
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - Privacy Guard</title>
<link rel="stylesheet" href="manual.css">
</head>
<body>
<nav aria-label="Help">
{menu}
</nav>
<main>
{body}
</main>
</body>
</html>
"""


def anchor(heading: str, _separator: str = "-") -> str:
    """:return: what GitHub calls a heading, and so every link in the documents"""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def on_page_markdown(text: str, *, page: Any, **_options: Any) -> str:
    """MkDocs calls this: what lies outside of the documents is no page of the site."""
    source = DOCS / page.file.src_uri
    return _without_links(text, lambda target: _is_outside(source, target))


def help_files() -> dict[Path, str]:
    """:return: {file of the add-on: what it has to hold}"""
    return {HELP / f"{page.stem}.html": _help_page(page) for page in PAGES}


def _help_page(page: Path) -> str:
    text = page.read_text(encoding="utf-8")
    text = LINK.sub(lambda link: _help_link(page, link), text)
    body = markdown.markdown(
        text,
        extensions=["tables", "fenced_code", "toc"],
        extension_configs={"toc": {"slugify": anchor}},
        output_format="html",
    )
    title = html.escape(_title(page))
    return PAGE.format(title=title, menu=_menu(page), body=body)


def _menu(current: Path) -> str:
    lines = []
    for page in PAGES:
        here = ' aria-current="page"' if page == current else ""
        title = html.escape(_title(page))
        lines.append(f'<a href="{page.stem}.html"{here}>{title}</a>')
    return "\n".join(lines)


def _title(page: Path) -> str:
    [title, *_others] = TITLE.findall(page.read_text(encoding="utf-8"))
    return str(title)


def _help_link(page: Path, link: re.Match[str]) -> str:
    picture, words, target = link.groups()
    path, _hash, part = target.partition("#")
    if picture:
        return ""
    if not path:
        return link[0]
    file = (page.parent / path).resolve()
    if file in PAGES:
        return f"[{words}]({file.stem}.html{_hash}{part})"
    return f"{words} (`{file.relative_to(REPO)}`)"


def _is_outside(source: Path, target: str) -> bool:
    path = target.partition("#")[0]
    return not (source.parent / path).resolve().is_relative_to(DOCS)


def _without_links(text: str, is_left: Any) -> str:
    return LINK.sub(
        lambda link: link[2] if is_left(link[3]) and not link[1] else link[0], text
    )
