"""The contacts and purposes that benchmarks work on. Called inside workers."""

from __future__ import annotations

from odoo.tools import SQL

# Whom the ten purposes apply to; more than half of all pairs, as in no real company.
CONDITIONS = [
    "[]",
    "[('country_id.code', '=', 'BE')]",
    "[('city', '!=', False)]",
    "[('lang', '=', 'en_US')]",
    "[('country_id.code', 'in', ('BE', 'IT'))]",
    "[('email', '=ilike', '%@example.com')]",
    "[('parent_id', '=', False), ('function', '!=', False)]",
    "[('create_date', '>=', '2020-01-01')]",
    "[('phone', 'like', '55')]",
    "[('country_id.code', 'not in', ('FR',))]",
]
EDITOR = "base.group_partner_manager"
OFFICER = "privacy_guard.group_privacy_officer"
COUNTRIES = ["BE", "IT", "FR", "DE"]
VARIES = {
    "name": "'Person ' || i",
    "complete_name": "'Person ' || i",
    "email": "'person' || i || '@example.com'",
    "email_normalized": "'person' || i || '@example.com'",
    "phone": "'+32 2 555 ' || i",
    "phone_sanitized": "'+322555' || i",
    "city": "'City ' || i % 997",
    "commercial_partner_id": "added.id",
}


def add_people(env, count, first=1, varies=None):
    """
    :param dict varies: {column: SQL of the person's number i}, besides ``VARIES``
    :return: lowest and highest id
    """
    model = env["res.partner"].create(
        {
            "name": "Model",
            "email": f"model{first}@example.com",
            "phone": "+32 2 555 00 00",
            "city": "City",
            "function": "Baker",
            "lang": "en_US",
            "tz": "Europe/Brussels",
        }
    )
    countries = env["res.country"].search([("code", "in", COUNTRIES)])
    country = {"country_id": f"(ARRAY{countries.ids})[1 + i % 4]"}
    return multiply(model, count, first, VARIES | country | (varies or {}))


def multiply(model, count, first, varies):
    """Rows by SQL, with every column that Odoo fills when it creates one.

    :param model: record that they are like, which is deleted
    :param dict varies: {column: SQL of the row's number i}; what the table lacks is
        left out
    :return: lowest and highest id
    """
    env, table = model.env, model._table
    env.flush_all()
    values = _values(env, table, varies)
    [window] = env.execute_query(
        SQL(
            """
            WITH added AS (
                INSERT INTO %(table)s (id, %(columns)s)
                SELECT added.id, %(values)s
                  FROM (SELECT nextval(%(sequence)s) AS id, i
                          FROM generate_series(%(first)s, %(last)s) AS i) AS added,
                       (SELECT * FROM %(table)s WHERE id = %(model)s) AS model
             RETURNING id)
            SELECT min(id), max(id) FROM added
            """,
            table=SQL.identifier(table),
            columns=SQL(", ").join(map(SQL.identifier, values)),
            values=SQL(", ").join(values.values()),
            sequence=f"{table}_id_seq",
            first=first,
            last=first + count - 1,
            model=model.id,
        )
    )
    model.unlink()
    env.execute_query(SQL("ANALYZE %s", SQL.identifier(table)))
    return window


def _values(env, table, varies):
    """:return: {column: SQL}, what does not vary is the model's"""
    rows = env.execute_query(
        SQL(
            """SELECT attname FROM pg_attribute
                WHERE attrelid = %s::regclass AND attnum > 0
                  AND NOT attisdropped AND attname <> 'id'""",
            table,
        )
    )
    values = {name: SQL.identifier("model", name) for (name,) in rows}
    for name, expression in varies.items():
        if name in values:
            values[name] = SQL(expression.replace("%", "%%"))
    return values


def employ(env, *groups):
    """Someone to work as: screens are measured as those see them who use them.

    :param groups: XML ids of groups of an employee; without any, of who edits contacts
    """
    groups = groups or [EDITOR]
    # nobody is to be invited by mail
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": "Employee",
            "login": _login(groups),
            "group_ids": [env.ref(group).id for group in ["base.group_user", *groups]],
        }
    )


def acting(env, *groups):
    """:return: an environment of whom :func:`employ` made of the same groups"""
    login = _login(groups or [EDITOR])
    return env(user=env["res.users"].search([("login", "=", login)]).id)


def _login(groups):
    return "+".join(groups)


def enable(env, count):
    """Enable consents, with so many published purposes and no others."""
    parameters = env["ir.config_parameter"]
    parameters.set_param("privacy_guard.limit_custom_consents", "0")
    env.ref("base.main_company").write(
        {"privacy_from_name": "Us", "privacy_from_email": "us@example.com"}
    )
    env["privacy.gate"]._enable()
    env["consent.purpose"].search([]).active = False
    purposes = env["consent.purpose"].create(
        [
            {"name": f"Purpose {n}", "text": f"May we do {n}?", "condition": condition}
            for n, condition in enumerate(CONDITIONS[:count])
        ]
    )
    purposes._publish()
    purposes.active = True
    return purposes.ids


def evaluate(env, low, high):
    """Bring the consents of all these people up to date."""
    count = env["consent.record"]._sync("res.partner", window=(low, high))
    env.cr.execute("ANALYZE consent_record, consent_event")
    return count


def settle(env):
    """Evaluate everybody whom no benchmark is going to ask."""
    [[high]] = env.execute_query(SQL("SELECT max(id) FROM res_partner"))
    return evaluate(env, 1, high)
