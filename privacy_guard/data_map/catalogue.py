"""Finding people in tables of which nobody has said what they hold (ERA-3).

What a table has is known from its model and the database: columns that lead to records,
and columns with text. One statement per table finds all people of an erasure.
"""

from odoo.tools import SQL

from .catalogue_text import any_likely_sql, are_few, cells_of, likely_sql, written
from .others import others_sql
from .table import Table, Wanted


def has_any_sql(table: Table, wanted: Wanted) -> SQL | None:
    """:return: SQL of whether a table has anything that :func:`found_sql` may find, at
    a small part of its price; None where it cannot have it"""
    looks = [SQL("EXISTS (%s)", select) for select in _linking(table, wanted)]
    if likely := any_likely_sql(table, wanted):
        looks.append(likely)
    return SQL(" OR ").join(looks) if looks else None


def found_sql(table: Table, wanted: Wanted) -> SQL:
    """:return: SQL select of (id of the person, id of the row, name of a column,
    whether it was found as text, whether the row is theirs by that: it has a link to
    them, or a column that is their address or number and no longer text, whether the
    row is somebody else's as well). To be asked of tables that may have something."""
    linked = [
        SQL("SELECT found.*, FALSE, TRUE FROM (%s) AS found", select)
        for select in _linked(table, wanted)
    ]
    return SQL(
        """
        WITH target (id, key) AS (SELECT * FROM unnest(%(ids)s::int[], %(keys)s::text[])
        ), address (id, value, pattern) AS (%(addresses)s
        ), number (id, value) AS (%(numbers)s
        ), person_name (id, pattern) AS (%(names)s
        ), likely (id, name, value) AS %(kept)s MATERIALIZED (%(likely)s
        ), hit (id, row_id, name, is_text, is_own) AS MATERIALIZED (%(hits)s
        ), others (row_id) AS MATERIALIZED (%(others)s)
        SELECT found.*, others.row_id IS NOT NULL
          FROM (SELECT * FROM hit
                 UNION ALL -- of rows that are about them, also where their name stands
                SELECT known.id, known.row_id, cell.name, TRUE, FALSE
                  FROM (SELECT DISTINCT id, row_id FROM hit) AS known
                  JOIN person_name ON person_name.id = known.id
                  JOIN %(table)s AS held ON held.id = known.row_id
                 CROSS JOIN LATERAL (%(cells)s) AS cell (name, value)
                 WHERE cell.value ~* person_name.pattern) AS found
          LEFT JOIN others ON others.row_id = found.row_id
        """,
        ids=[id_ for id_, _model, _res_id in wanted.records],
        keys=[f"{model},{res_id}" for _id, model, res_id in wanted.records],
        addresses=_rows(wanted.addresses, 3),
        numbers=_rows(wanted.numbers, 2),
        names=_rows(wanted.names, 2),
        # what is read twice and is much is not put aside
        kept=SQL("") if are_few(wanted) else SQL("NOT"),
        likely=likely_sql(table, wanted),
        hits=SQL(" UNION ALL ").join(linked + written(table, wanted)),
        others=others_sql(table, wanted),
        table=SQL.identifier(table.name),
        cells=cells_of(table.texts) if table.texts else SQL("SELECT '', ''"),
    )


# ----------------------------------------------------------------------
# By what leads to the person
# ----------------------------------------------------------------------


def _linked(table: Table, wanted: Wanted) -> list[SQL]:
    """:return: list of SQL selects of (id, row_id, name)"""
    return [
        *_linked_in_row(table, wanted),
        *(
            SQL(
                "SELECT target.id, held.%(own)s, %(name)s FROM %(relation)s AS held"
                "  JOIN target ON target.key = %(model)s || held.%(other)s"
                " WHERE held.%(other)s = ANY(%(ids)s)",
                own=SQL.identifier(own),
                other=SQL.identifier(other),
                name=name,
                relation=SQL.identifier(relation),
                model=f"{model},",
                ids=ids,
            )
            for name, relation, own, other, model in table.many
            if (ids := wanted.ids(model))
        ),
        *(
            SQL(
                "SELECT target.id, held.id, %(name)s FROM %(table)s AS held"
                " CROSS JOIN LATERAL"
                "       jsonb_path_query(held.%(column)s, %(path)s::jsonpath)"
                "       AS found (value)"
                "  JOIN target ON target.key = %(model)s || (found.value #>> '{}')"
                " WHERE held.%(column)s IS NOT NULL",
                name=name,
                table=SQL.identifier(table.name),
                column=SQL.identifier(name),
                path=path,
                model=f"{model},",
            )
            for name, path, model in table.inside
            if wanted.ids(model)
        ),
    ]


def _linking(table: Table, wanted: Wanted) -> list[SQL]:
    """:return: list of SQL selects of rows that may lead to the people: all that
    :func:`_linked` finds are among them"""
    held = SQL.identifier(table.name)
    selects = []
    if conditions := [condition for _, condition in _links_in_row(table, wanted)]:
        found = SQL(" OR ").join(conditions)
        selects.append(SQL("SELECT FROM %s AS held WHERE %s", held, found))
    for _name, relation, _own, other, model in table.many:
        if ids := wanted.ids(model):
            found = SQL("%s = ANY(%s)", SQL.identifier(other), ids)
            relating = SQL.identifier(relation)
            selects.append(SQL("SELECT FROM %s WHERE %s", relating, found))
    for name, _path, model in table.inside:
        if wanted.ids(model):
            column = SQL.identifier(name)
            selects.append(SQL("SELECT FROM %s WHERE %s IS NOT NULL", held, column))
    return selects


def _linked_in_row(table: Table, wanted: Wanted) -> list[SQL]:
    links = _links_in_row(table, wanted)
    if not links:
        return []
    return [
        SQL(
            """
            SELECT target.id, held.id, cell.name
              FROM %(table)s AS held
             CROSS JOIN LATERAL (VALUES %(cells)s) AS cell (name, key)
              JOIN target ON target.key = cell.key
             WHERE %(conditions)s
            """,
            table=SQL.identifier(table.name),
            cells=SQL(", ").join(cell for cell, _condition in links),
            conditions=SQL(" OR ").join(condition for _cell, condition in links),
        )
    ]


def _links_in_row(table: Table, wanted: Wanted) -> list[tuple[SQL, SQL]]:
    """:return: list of (SQL of a name of a column and what it leads to, SQL of whether
    that is one of the people)"""
    links = []
    for name, model in table.links:
        if ids := wanted.ids(model):
            column = SQL.identifier("held", name)
            cell = SQL("(%s, %s || %s::text)", name, f"{model},", column)
            links.append((cell, SQL("%s = ANY(%s)", column, ids)))
    for name, model_name in table.pairs:
        column, kind = SQL.identifier("held", name), SQL.identifier("held", model_name)
        cell = SQL("(%s, %s || ',' || %s::text)", name, kind, column)
        condition = SQL(
            "(%s = ANY(%s) AND %s = ANY(%s))",
            column,
            sorted({res_id for _id, _model, res_id in wanted.records}),
            kind,
            sorted({model for _id, model, _res_id in wanted.records}),
        )
        links.append((cell, condition))
    keys = [f"{model},{res_id}" for _id, model, res_id in wanted.records]
    for name in table.references:
        column = SQL.identifier("held", name)
        cell = SQL("(%s, %s::text)", name, column)
        links.append((cell, SQL("%s = ANY(%s)", column, keys)))
    return links


def _rows(rows: tuple[tuple[int | str, ...], ...], width: int) -> SQL:
    types = ("int[]", "text[]", "text[]")[:width]
    columns = list(zip(*rows, strict=True)) or [()] * width
    return SQL(
        "SELECT * FROM unnest(%s)",
        SQL(", ").join(
            SQL("%s::%s", list(column), SQL(type_))
            for type_, column in zip(types, columns, strict=True)
        ),
    )
