"""The site of the documents is built, all of it, and fetches nothing from others."""

import re

from mkdocs.commands.build import build
from mkdocs.config import load_config

from dev.lib.paths import REPO

FETCHED = re.compile(
    r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=\"(?://|https?:)"
)


def test_site_is_built_without_a_complaint(tmp_path):
    """Strict: a dead link or anchor, or a document that no role has, is an error."""
    config = load_config(str(REPO / "mkdocs.yml"), site_dir=str(tmp_path))
    build(config)
    pages = list(tmp_path.rglob("*.html"))
    documents = list((REPO / "docs").rglob("*.md"))
    assert len(pages) >= len(documents)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not FETCHED.search(text), page
        assert "```" not in text, f"{page}: a block of code inside of a list"
