"""unencrypted_model_overhead: what other models pay for our encryption."""

from __future__ import annotations

from . import people
from .metric import Metric
from .pair import PEER, with_and_without
from .turns import same_work, timed

FIELDS = ["name", "code", "country_id", "display_name"]


def measure(lab):
    rounds, count = lab.size(1001, 3), lab.size(40, 10)
    pair, _low = lab.shared(with_and_without)
    pair[0].call(encrypt)
    ours, peer = same_work(pair, rounds, work, count)
    yield Metric(
        "unencrypted_model_overhead", ours, f"ms/{count}", PEER, peer, "<= 1.01x"
    )


def encrypt(env):
    field = env["ir.model.fields"]._get("res.partner", "ref")
    field._privacy_encrypt(4)
    field._privacy_convert_all()


def work(env, count):
    """Search, read and write states of countries, which have nothing of ours."""

    def use(env):
        states = env["res.country.state"].search([("code", "!=", False)], limit=count)
        states.read(FIELDS)
        for state in states[:5]:
            state.write({"name": f"State {state.id}"})
        states[5:10].write({"name": "State"})
        env["res.country.state"].name_search("Sta", limit=count)

    return timed(people.acting(env), use)
