"""Databases on which scripts have run, for tests that begin where others begin.

What two tests have in common of their scripts runs once, and not again in the next run
of the same day unless the add-ons have changed. A day, as scripts leave dates behind.
"""

from __future__ import annotations

import hashlib
from datetime import date

from . import databases, odoo_process, template
from .messages import SetupError
from .paths import locked, state

PURPOSE = "prepared_"


def ensure(*scripts: str) -> str:
    """
    :param scripts: for Odoo's shell, one after the other, each in a process of its own
    :return: the name of a database with contacts on which they have run, to be copied
    """
    if not scripts:
        return template.ensure()
    key = hashlib.sha256("\0".join(scripts).encode()).hexdigest()[:12]
    name = databases.own_name(PURPOSE + key)
    source = ensure(*scripts[:-1])
    wanted = f"{date.today()} {databases.marked(template.ensure())}"
    with locked(state(), name):
        if databases.marked(name) != wanted:
            for other in databases.own(PURPOSE):
                if databases.marked(other) != wanted:
                    databases.drop(other)
            _run(source, name, scripts[-1], wanted)
    return name


def _run(source: str, name: str, script: str, mark: str) -> None:
    draft = databases.copy(source, "draft")
    log = state("logs") / f"{name}.log"
    try:
        odoo_process.run(log, "shell", "-d", draft, "--no-http", stdin=script)
    except SetupError:
        databases.drop(draft)
        raise
    databases.analyze(draft)
    # Under its name it is complete, and nobody else's to drop.
    databases.mark(draft, mark)
    databases.rename(draft, name)
