"""encrypt_existing_per_s: encrypting the values that are there."""

from __future__ import annotations

import time

from odoo.tools import SQL

from .metric import Metric, median


def measure_on(encrypted, plain, names):
    """:param encrypted: worker whose fields are encrypted, and stay so
    :param plain: worker on a database of the same values
    """
    ours, peers = [], []
    for name in names:
        encrypted.call(switch_on, name)
        ours.append(encrypted.call(convert))
        peers.append(plain.call(update, name))
    for worker in (encrypted, plain):
        worker.call(tidy)
    return Metric(
        "encrypt_existing_per_s",
        median(ours),
        "values/s",
        "a plain UPDATE of the same column",
        median(peers),
        ">= 20,000",
    )


def switch_on(env, name):
    env["ir.model.fields"]._get("res.partner", name)._privacy_encrypt(4)


def convert(env):
    """In batches with their commits, as the scheduled action does. What it does once at
    the end is not counted: it does not depend on the number of values.

    :return: values per second
    """
    fields = env["ir.model.fields"]
    [field] = fields.search([("privacy_encryption", "=", "encrypting")])
    total = field.privacy_total
    started = time.perf_counter()
    while field.privacy_done < total:
        field._privacy_convert_batch()
    seconds = time.perf_counter() - started
    fields._privacy_convert_all()
    assert field.privacy_encryption == "on", "values are left"
    return total / seconds


def update(env, name):
    """:return: values per second"""
    column = SQL.identifier(name)
    started = time.perf_counter()
    env.cr.execute(SQL("UPDATE res_partner SET %s = upper(%s)", column, column))
    count = env.cr.rowcount
    env.cr.commit()
    return count / (time.perf_counter() - started)


def tidy(env):
    """Both tables of contacts as they are some time later."""
    env.cr.execute("ANALYZE res_partner")
