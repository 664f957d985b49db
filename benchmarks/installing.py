"""install_1m_s, install_table_growth: installing where a million contacts are."""

from __future__ import annotations

from .metric import Metric
from .million import install, million


def measure(lab):
    installed = lab.shared(million)
    with lab.database(addon=False) as empty:
        peer = install(empty)
    yield Metric(
        "install_1m_s",
        installed.install_seconds,
        "s",
        "installing it where no contacts are",
        peer,
        "<= 2x",
    )
    yield Metric(
        "install_table_growth",
        installed.table_growth,
        "x",
        "the table of contacts before, indexes left out",
        1.0,
        "<= 1.05x",
    )
