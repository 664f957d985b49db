"""mailing_panel_100k_ms: who will not get a mailing, as its form says when it is asked.
mailing_form_100k_ms: opening that form.

A list of people of whom a quarter is known as contacts, and of these every second one
has granted the consent that the mailing relies on.
"""

from __future__ import annotations

import time
from contextlib import contextmanager

from lxml import etree
from odoo.tools import SQL

from . import people
from .metric import Metric
from .turns import take_turns

PEER = "Odoo's own count of the remaining recipients of the same mailing"
FORM = "the same form without the fields of the add-on"
MAILER = "mass_mailing.group_mass_mailing_user"
PEOPLE = 100_000


@contextmanager
def with_mailings(lab):
    """Shared, see :meth:`Lab.shared`.

    :return: a worker on a database with everything that sends mailings
    """
    with lab.world(everything=True) as worker:
        yield worker


def measure(lab):
    rounds, count = lab.size(11, 3), lab.size(PEOPLE, 100)
    worker = lab.shared(with_mailings)
    worker.call(people.employ, MAILER)
    low, _high = worker.call(people.add_people, count // 4)
    [purpose, *_others] = worker.call(people.enable, 1)
    worker.call(people.settle)
    mailing = worker.call(add_mailing, count, purpose, low)
    panels = take_turns(
        lambda: worker.call(panel, mailing),
        lambda: worker.call(remaining, mailing),
        rounds,
    )
    forms = take_turns(
        lambda: worker.call(form, mailing),
        lambda: worker.call(form, mailing, "privacy_"),
        rounds,
    )
    unit = f"ms/{count}"
    yield Metric("mailing_panel_100k_ms", panels[0], unit, PEER, panels[1], "<= 1000")
    yield Metric("mailing_form_100k_ms", forms[0], unit, FORM, forms[1], "<= 1.1x")


def add_mailing(env, count, purpose, low):
    """:return: id of a mailing to a list of so many"""
    env["consent.purpose"].browse(purpose).covers_email = True
    env.cr.execute(
        SQL(
            """UPDATE consent_record SET value = 'granted', answer = 'granted'
                WHERE purpose_id = %s AND res_id >= %s AND res_id %% 2 = 0""",
            purpose,
            low,
        )
    )
    recipients = env["mailing.list"].create({"name": "Many"})
    model = env["mailing.contact"].create({"name": "Model", "email": "m@example.com"})
    names = ["name", "email", "email_normalized"]
    varies = {name: people.VARIES[name] for name in names}
    env.cr.execute(
        SQL(
            """INSERT INTO mailing_subscription (contact_id, list_id, opt_out)
                    SELECT id, %s, FALSE FROM generate_series(%s, %s) AS id""",
            recipients.id,
            *people.multiply(model, count, 1, varies),
        )
    )
    env.cr.execute("ANALYZE consent_record, mailing_subscription")
    mailing = env["mailing.mailing"].create(
        {
            "subject": "News",
            "mailing_model_id": env.ref("mass_mailing.model_mailing_list").id,
            "contact_list_ids": recipients.ids,
            "privacy_purpose_id": purpose,
        }
    )
    return mailing.id


def panel(env, mailing):
    context = (
        env["mailing.mailing"].browse(mailing).action_privacy_exclusions()["context"]
    )
    return _milliseconds(
        env,
        lambda mailings: (
            mailings.with_context(context).browse(mailing).privacy_exclusions
        ),
    )


def form(env, mailing, without=None):
    """What the web client reads when it opens the mailing, less the fields that begin
    with some letters."""
    view = env["mailing.mailing"].get_views([(False, "form")])["views"]["form"]
    names = {node.get("name") for node in etree.fromstring(view["arch"]).iter("field")}
    wanted = [
        name
        for name in names & env["mailing.mailing"]._fields.keys()
        if not (without and name.startswith(without))
    ]
    return _milliseconds(env, lambda mailings: mailings.browse(mailing).read(wanted))


def remaining(env, mailing):
    """Whom Odoo would still send it to: its own exclusions, by its own queries."""
    return _milliseconds(
        env, lambda mailings: mailings.browse(mailing)._get_remaining_recipients()
    )


def _milliseconds(env, work):
    mailings = people.acting(env, MAILER)["mailing.mailing"]
    env.flush_all()
    env.invalidate_all()
    started = time.perf_counter()
    assert work(mailings)
    return 1000 * (time.perf_counter() - started)
