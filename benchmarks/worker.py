"""A process that calls functions with an Odoo environment, one line of JSON a call.

Run by `lab.Worker` as `worker.py DATABASE SMTP_PORT`.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback

import odoo
from odoo import api
from odoo.modules.registry import Registry


def main(database: str, smtp_port: str) -> None:
    # What Odoo prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    options = ["--log-level=warn", f"--database={database}"]
    options += ["--smtp=127.0.0.1", f"--smtp-port={smtp_port}"]
    odoo.tools.config.parse_config([*options, "--max-cron-threads=0"])
    Registry(database)
    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            answer = {"result": _call(database, name, arguments)}
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


def _call(database: str, name: str, arguments: list):
    module, function = name.split(":")
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        result = getattr(importlib.import_module(module), function)(env, *arguments)
        env.flush_all()
    return result


if __name__ == "__main__":
    main(*sys.argv[1:])
