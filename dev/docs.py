"""`make docs`: the documents as a site in `.dev/site`, by role; and what add-ons have
of them: the help, and the pages in *Apps*.

A dead link, or a document that the navigation lacks, fails.
"""

from __future__ import annotations

import logging
import sys

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from dev.lib import documents, reference, store_pages
from dev.lib.messages import say, step
from dev.lib.paths import REPO


def write() -> None:
    """Bring up to date what lies in the repository."""
    reference.write()
    for path, text in (documents.help_files() | store_pages.store_pages()).items():
        path.write_text(text, encoding="utf-8")


def main() -> int:
    write()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    with step("Building the documents"):
        config = load_config(str(REPO / "mkdocs.yml"))
        try:
            build(config)
        except Abort as error:
            say(str(error))
            return 1
    say(f"Read them in {config.site_dir}/index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
