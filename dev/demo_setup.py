"""Run in `odoo shell` on the demo: what an administrator does on the first day.

Everything goes the way of the buttons, and a second run finds nothing left to do.
"""

# `env` is what the shell provides.
# ruff: noqa: F821
import json
import os
from pathlib import Path

parameters = env["ir.config_parameter"]
# The links in the mails lead to the server that this demo starts.
parameters.set_param("web.base.url", os.environ["DEMO_URL"])
parameters.set_param("web.base.url.freeze", "True")

if not env["privacy.gate"]._is_enabled():
    wizard = env["consent.prerequisites"].create(
        {
            "from_name": "Privacy team",
            "from_email": "privacy@yourcompany.example",
            "approve_duplicates": True,
            "approve_refusal": True,
        }
    )
    wizard.action_enable()
    assert not wizard.missing, wizard.missing
env.cr.commit()


def daily():
    """Run the daily job and deliver what it writes, but for what people want later, and
    what no run gets rid of."""
    env["consent.run"]._run_daily()
    mails, before = env["mail.mail"], None
    while (queued := mails._privacy_count_queued()) and queued != before:
        before = queued
        mails.process_email_queue()
        env.cr.commit()


def report(people=0, reach=(), **pages):
    """
    :param int people: whom the newsletter concerns
    :param reach: {whether it reaches them, or why not: how many}
    :param pages: {what there is to see: path}, in words with underscores
    """
    asked = [("consent_requested_at", "!=", False)]
    result = {
        "asked": sum(
            env[name].search_count(asked)
            for name in env["consent.record"]._subject_models()
        ),
        "failed": env["mail.mail"].search_count([("state", "=", "exception")])
        + env["mail.mail"]._privacy_count_queued(),
        "people": people,
        "reach": dict(reach),
        "pages": {name.replace("_", " "): path for name, path in pages.items()},
    }
    Path(os.environ["DEMO_RESULT"]).write_text(json.dumps(result))


daily()
report()
