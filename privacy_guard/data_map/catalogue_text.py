"""Finding whole addresses and numbers in texts of which nobody has said what they hold:
all people at once, and no regular expression for most rows (ERA-3)."""

from odoo.tools import SQL

from .finders import ADDRESS, comparable
from .table import Table, Wanted

# Where the people are few, rows without any of their domains or numbers are passed over
# by what is faster than a regular expression.
FEW = 50
# What may stand between the digits of a number.
BETWEEN = " ./()\u00a0-"
NUMBER = rf"\+?[0-9](?:[{BETWEEN}]{{0,3}}[0-9]){{5,}}"
# How HTML and code write what addresses may have.
WRITTEN = (
    ("&#39;", "'"),
    ("&#039;", "'"),
    ("&#x27;", "'"),
    ("&apos;", "'"),
    ("&quot;", '"'),
    ("&#34;", '"'),
    ("&amp;", "&"),
)


def written(table: Table, wanted: Wanted) -> list[SQL]:
    """:return: list of SQL selects of (id, row_id, name)"""
    selects = []
    if table.texts and wanted.addresses:
        selects.append(
            SQL(
                """
                SELECT address.id, held.id, cell.name
                  FROM (%(rows)s) AS held
                 CROSS JOIN LATERAL (%(cells)s) AS cell (name, value)
                 CROSS JOIN LATERAL regexp_matches(%(text)s, %(address)s, 'g') AS found
                  JOIN address ON address.value = %(comparable)s
                   AND cell.value ~* address.pattern
                """,
                rows=_rows_with(table, _domains(wanted)),
                cells=cells_of(table.texts),
                text=_plain(SQL("cell.value")),
                address=f"({ADDRESS})",
                comparable=comparable(SQL("found[1]")),
            )
        )
    if table.texts and wanted.numbers:
        selects.append(
            SQL(
                """
                SELECT number.id, held.id, cell.name
                  FROM (%(rows)s) AS held
                 CROSS JOIN LATERAL (%(cells)s) AS cell (name, value)
                 CROSS JOIN LATERAL regexp_matches(cell.value, %(number)s, 'g') AS found
                  JOIN number
                    ON number.value = regexp_replace(found[1], '[^0-9]', '', 'g')
                """,
                rows=_rows_with(table, _digits(wanted)),
                cells=cells_of(table.texts),
                number=f"({NUMBER})",
            )
        )
    return selects


def _rows_with(table: Table, parts: list[str]) -> SQL:
    """:param parts: patterns of which the text of a row fits one, in lower case and
    without what may stand between digits"""
    return SQL(
        """
        SELECT held.* FROM %s AS held
         WHERE translate(lower(concat_ws(',', %s)), %s, '') LIKE ANY(%s)
        """,
        SQL.identifier(table.name),
        SQL(", ").join(SQL.identifier("held", name) for name in table.texts),
        BETWEEN,
        parts,
    )


def _domains(wanted: Wanted) -> list[str]:
    domains = {value.rpartition("@")[2] for _id, value, _pattern in wanted.addresses}
    return _parts({f"@{domain}" for domain in domains}, "%@%")


def _digits(wanted: Wanted) -> list[str]:
    return _parts({value for _id, value in wanted.numbers}, "%")


def _parts(texts: set[str], others: str) -> list[str]:
    if len(texts) > FEW:
        return [others]
    signs = str.maketrans({sign: None for sign in BETWEEN} | {"_": r"\_", "%": r"\%"})
    return [f"%{text.translate(signs)}%" for text in sorted(texts)]


def _plain(text: SQL) -> SQL:
    """:return: SQL of the text without what HTML makes of signs"""
    plain = text
    for code, sign in WRITTEN:
        plain = SQL("replace(%s, %s, %s)", plain, code, sign)
    return SQL(
        "CASE WHEN %(t)s LIKE '%%&%%' THEN %(p)s ELSE %(t)s END", t=text, p=plain
    )


def cells_of(texts: tuple[str, ...]) -> SQL:
    return SQL(
        "VALUES %s",
        SQL(", ").join(
            SQL("(%s, %s::text)", name, SQL.identifier("held", name)) for name in texts
        ),
    )
