"""Finding people in tables of which nobody has said what they hold (ERA-3).

What a table has is known from its model and the database: columns that lead to records,
and columns with text. One statement per table finds all people of an erasure.
"""

from odoo.tools import SQL

from .catalogue_text import are_few, cells_of, likely_sql, written
from .others import others_sql
from .table import Table, Wanted


def found_sql(table: Table, wanted: Wanted) -> SQL | None:
    """:return: SQL select of (id of the person, id of the row, name of a column,
    whether it was found as text, whether the row is theirs by that: it has a link to
    them, or a column that is their address or number and no longer text, whether the
    row is somebody else's as well); None where the table cannot have anything"""
    linked = [
        SQL("SELECT found.*, FALSE, TRUE FROM (%s) AS found", select)
        for select in _linked(table, wanted)
    ]
    hits = linked + written(table, wanted)
    if not hits:
        return None
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
        hits=SQL(" UNION ALL ").join(hits),
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


def _linked_in_row(table: Table, wanted: Wanted) -> list[SQL]:
    cells, conditions = [], []
    for name, model in table.links:
        if ids := wanted.ids(model):
            column = SQL.identifier("held", name)
            cells.append(SQL("(%s, %s || %s::text)", name, f"{model},", column))
            conditions.append(SQL("%s = ANY(%s)", column, ids))
    for name, model_name in table.pairs:
        column, kind = SQL.identifier("held", name), SQL.identifier("held", model_name)
        cells.append(SQL("(%s, %s || ',' || %s::text)", name, kind, column))
        conditions.append(
            SQL(
                "(%s = ANY(%s) AND %s = ANY(%s))",
                column,
                sorted({res_id for _id, _model, res_id in wanted.records}),
                kind,
                sorted({model for _id, model, _res_id in wanted.records}),
            )
        )
    for name in table.references:
        column = SQL.identifier("held", name)
        cells.append(SQL("(%s, %s::text)", name, column))
        keys = [f"{model},{res_id}" for _id, model, res_id in wanted.records]
        conditions.append(SQL("%s = ANY(%s)", column, keys))
    if not cells:
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
            cells=SQL(", ").join(cells),
            conditions=SQL(" OR ").join(conditions),
        )
    ]


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
