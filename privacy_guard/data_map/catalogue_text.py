"""Finding whole addresses and numbers in texts of which nobody has said what they hold:
all people at once, and no regular expression for most rows (ERA-3)."""

import re
from collections.abc import Sequence

from odoo.tools import SQL, split_every

from ..tools.person_terms import BLANKS
from .finders import ADDRESS, comparable
from .table import Table, Wanted

# Where they are few, texts without any of the domains or numbers are passed over by
# what is faster than a regular expression.
FEW = 50
# What may stand between the digits of a number.
BETWEEN = " ./()\u00a0-"
NUMBER = rf"\+?[0-9](?:[{BETWEEN}]{{0,3}}[0-9]){{5,}}"
# A text that is an address, perhaps with a name before it.
ALONE = rf"^\s*(?:[^<>@]*<)?\s*{ADDRESS}\s*>?\s*$"
# How a quote after a local part is written, there and in code.
QUOTES = ('"', '\\"', "&quot;", "&#34;", "&#034;")
PLAIN_END = re.compile("[a-z0-9]*$")
# Most that a function of PostgreSQL takes, without the first one.
ARGUMENTS = 99
# How HTML and code write what addresses may have.
WRITTEN = (
    ("&#39;", "'"),
    ("&#039;", "'"),
    ("&#x27;", "'"),
    ("&apos;", "'"),
    ("&quot;", '"'),
    ("&#34;", '"'),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&amp;", "&"),
)


def written(table: Table, wanted: Wanted) -> list[SQL]:
    """:return: list of SQL selects of (id, row_id, name, true, whether the text is the
    address or number, and no longer one), from the relation `likely`"""
    if not table.texts:
        return []
    by_address = SQL(
        """
        SELECT address.id, likely.id, likely.name, TRUE,
               likely.value ~ %(alone)s AND NOT address.value = ANY(%(shared)s)
          FROM likely
         CROSS JOIN LATERAL regexp_matches(%(text)s, %(address)s, 'g') AS found
          JOIN address ON address.value = %(comparable)s
           AND likely.value ~* address.pattern
        """,
        text=_plain(SQL("likely.value")),
        address=f"({ADDRESS})",
        alone=ALONE,
        shared=list(wanted.shared),
        comparable=comparable(SQL("found[1]")),
    )
    by_number = SQL(
        """
        SELECT number.id, likely.id, likely.name, TRUE,
               plain.value !~ '[[:alpha:]]'
               AND regexp_replace(plain.value, '[^0-9]', '', 'g') = number.value
               AND NOT number.value = ANY(%(shared)s)
          FROM likely
         CROSS JOIN LATERAL (SELECT %(text)s) AS plain (value)
         CROSS JOIN LATERAL regexp_matches(plain.value, %(number)s, 'g') AS found
          JOIN number ON number.value = regexp_replace(found[1], '[^0-9]', '', 'g')
        """,
        text=with_blanks(SQL("likely.value"), " "),
        number=f"({NUMBER})",
        shared=list(wanted.shared),
    )
    return [
        *([by_address] if wanted.addresses else []),
        *([by_number] if wanted.numbers else []),
    ]


def likely_sql(table: Table, wanted: Wanted) -> SQL:
    """:return: SQL select of (id of a row, name of a column, its text) of texts that
    may have one of the addresses or numbers: in lower case, and without what may stand
    between digits, they have its domain or its digits"""
    if not table.texts:
        return SQL("SELECT 0, '', '' LIMIT 0")
    return SQL(
        """
        SELECT held.id, cell.name, cell.value
          FROM (SELECT * FROM %s WHERE lower(%s) LIKE ANY(%s)) AS held
         CROSS JOIN LATERAL (%s) AS cell (name, value)
         WHERE %s
        """,
        SQL.identifier(table.name),
        joined(table.texts, "\n"),
        _signs(wanted),
        cells_of(table.texts),
        _is_likely(wanted),
    )


def any_likely_sql(table: Table, wanted: Wanted) -> SQL | None:
    """:return: SQL of whether any text of a table is likely, None where it has none.
    Each row is one text: no address or number has a line break."""
    if not table.texts or not (wanted.addresses or wanted.numbers):
        return None
    return SQL(
        "EXISTS (SELECT FROM (SELECT %s FROM %s OFFSET 0) AS cell (value) WHERE %s)",
        joined(table.texts, "\n"),
        SQL.identifier(table.name),
        _is_likely(wanted),
    )


def joined(columns: Sequence[str], separator: str) -> SQL:
    """:return: SQL of the texts of these columns with this between them"""
    some = [
        SQL("concat_ws(%s, %s)", separator, SQL(", ").join(map(SQL.identifier, part)))
        for part in split_every(ARGUMENTS, columns, tuple)
    ]
    return SQL(" || %s || ", separator).join(some)


def _is_likely(wanted: Wanted) -> SQL:
    """:return: SQL condition on ``cell.value``. Most texts are passed over by what is
    in them as they stand: to rewrite a long one takes its time."""
    return SQL(
        "CASE WHEN lower(cell.value) LIKE ANY(%s)"
        " THEN translate(%s, %s, '') LIKE ANY(%s) END",
        _signs(wanted),
        with_blanks(SQL("lower(cell.value)"), ""),
        BETWEEN,
        _ends(wanted) + _digits(wanted),
    )


def are_few(wanted: Wanted) -> bool:
    """:return: whether few texts are likely, so that they can be put aside"""
    return max(len(wanted.addresses), len(wanted.numbers)) <= FEW


def _ends(wanted: Wanted) -> list[str]:
    parts = [
        _part(f"{end}{quote}@{domain}")
        for end, is_quoted, domain in _mailboxes(wanted)
        for quote in (QUOTES if is_quoted else ("",))
    ]
    return parts if len(parts) <= FEW * len(QUOTES) else ["%@%"]


def _mailboxes(wanted: Wanted) -> list[tuple[str, bool, str]]:
    """:return: the plain letters and digits at the end of each local part, whether it
    is in quotes, and the domain. The domain alone says little: half of all people have
    theirs at one of three."""
    found = set()
    for _id, address, _pattern in wanted.addresses:
        local, _at, domain = address.rpartition("@")
        [end] = PLAIN_END.findall(local.strip('"'))[:1]
        found.add((end, local.endswith('"'), domain))
    return sorted(found)


def _digits(wanted: Wanted) -> list[str]:
    parts = [_part(value) for value in _numbers(wanted)]
    return parts if len(parts) <= FEW else ["%"]


def _signs(wanted: Wanted) -> list[str]:
    """:return: patterns of what any text in lower case with an address or a number has:
    the digits of the number, whatever stands between them"""
    mailboxes = _mailboxes(wanted)
    addresses = [f"%{end}%@{_escaped(domain)}%" for end, _is, domain in mailboxes]
    if len(addresses) > FEW:
        addresses = ["%@%"]
    apart = [f"%{'%'.join(value)}%" for value in _numbers(wanted)]
    return addresses + (apart if len(apart) <= FEW else ["%"])


def _numbers(wanted: Wanted) -> list[str]:
    return sorted({value for _id, value in wanted.numbers})


def _part(text: str) -> str:
    return f"%{_escaped(text.translate(str.maketrans('', '', BETWEEN)))}%"


def _escaped(text: str) -> str:
    """:return: what stands for itself in a pattern of LIKE"""
    return re.sub(r"([\\%_])", r"\\\1", text)


def _plain(text: SQL) -> SQL:
    """:return: SQL of the text without what HTML makes of signs"""
    plain = text
    for code, sign in WRITTEN:
        plain = SQL("replace(%s, %s, %s)", plain, code, sign)
    return SQL(
        "CASE WHEN %(t)s LIKE '%%&%%' THEN %(p)s ELSE %(t)s END", t=text, p=plain
    )


def with_blanks(text: SQL, blank: str) -> SQL:
    """:return: SQL of the text with this in place of each coded blank"""
    plain = text
    for code in BLANKS:
        for way in dict.fromkeys((code, code.upper())):
            plain = SQL("replace(%s, %s, %s)", plain, way, blank)
    return SQL(
        "CASE WHEN %(t)s LIKE ANY(%(codes)s) THEN %(p)s ELSE %(t)s END",
        codes=[r"%\%%", "%&%"],
        t=text,
        p=plain,
    )


def cells_of(texts: tuple[str, ...]) -> SQL:
    return SQL(
        "VALUES %s",
        SQL(", ").join(
            SQL("(%s, %s::text)", name, SQL.identifier("held", name)) for name in texts
        ),
    )
