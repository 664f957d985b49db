"""Whether a row that was found is somebody else's as well: it then stays, without the
mention (ERA-3)."""

from collections.abc import Iterator

from odoo.tools import SQL

from .catalogue_text import ALONE, cells_of
from .finders import ADDRESS, comparable
from .table import Table, Wanted


def others_sql(table: Table, wanted: Wanted) -> SQL:
    """:return: SQL select of ids of rows, from the relation `hit`, that lead to people
    who are not erased, or have the address of one in a column of its own; of those that
    lead to nobody, where any address stands that is not the person's. Internal users
    and companies of the database are nobody else: they deal with the row."""
    known = SQL(
        """
        SELECT hit.row_id, bool_or(NOT hit.is_text) AS is_linked,
               array_agg(hit.name) AS names
          FROM hit GROUP BY hit.row_id
        """
    )
    return SQL(
        "SELECT known.row_id FROM (%s) AS known"
        "  JOIN %s AS held ON held.id = known.row_id WHERE %s OR %s OR %s",
        known,
        SQL.identifier(table.name),
        _leads_to_others(table, wanted),
        _has_an_address_of_nobody(table),
        _has_an_address_of_others(table, wanted),
    )


def _is_somebody_else(wanted: Wanted) -> SQL:
    """:return: SQL of whether the contact `other` is a person who is not erased"""
    return SQL(
        """
        other.partner_share IS NOT FALSE AND other.privacy_status <> 'erased'
        AND NOT other.id = ANY(%s)
        AND NOT EXISTS (SELECT FROM res_company company
                         WHERE company.partner_id = other.id)
        """,
        list(wanted.kin),
    )


def _leads_to_others(table: Table, wanted: Wanted) -> SQL:
    links = list(_partners(table))
    if not links:
        return SQL("FALSE")
    return SQL(
        """
        EXISTS (SELECT FROM (%s) AS link (id)
                  JOIN res_partner other ON other.id = link.id WHERE %s)
        """,
        SQL(" UNION ALL ").join(links),
        _is_somebody_else(wanted),
    )


def _partners(table: Table) -> Iterator[SQL]:
    """Yield SQL selects of the contacts that `held` leads to."""
    for name, model in table.links:
        column = SQL.identifier("held", name)
        if model == "res.partner":
            yield SQL("SELECT %s", column)
        elif model == "res.users":
            yield SQL("SELECT partner_id FROM res_users WHERE id = %s", column)
    for name, model_name in table.pairs:
        yield SQL(
            "SELECT %s WHERE %s = 'res.partner'",
            SQL.identifier("held", name),
            SQL.identifier("held", model_name),
        )
    for name in table.references:
        yield SQL(
            "SELECT substring(%s FROM '^res[.]partner,([0-9]{1,9})$')::int",
            SQL.identifier("held", name),
        )
    for _name, relation, own, other, model in table.many:
        if model == "res.partner":
            yield SQL(
                "SELECT rel.%s FROM %s AS rel WHERE rel.%s = held.id",
                SQL.identifier(other),
                SQL.identifier(relation),
                SQL.identifier(own),
            )


def _has_an_address_of_others(table: Table, wanted: Wanted) -> SQL:
    """An address of nobody whom we know may be an older one of whom the row leads to;
    that of another contact is not."""
    if not table.texts:
        return SQL("FALSE")
    return SQL(
        """
        EXISTS (SELECT FROM (%s) AS cell (name, value)
                  JOIN res_partner other ON other.email_normalized = %s
                 WHERE cell.value ~ %s AND NOT cell.name = ANY(known.names) AND %s)
        """,
        cells_of(table.texts),
        comparable(SQL("substring(cell.value FROM %s)", ADDRESS)),
        ALONE,
        _is_somebody_else(wanted),
    )


def _has_an_address_of_nobody(table: Table) -> SQL:
    if not table.texts:
        return SQL("FALSE")
    return SQL(
        """
        NOT known.is_linked
        AND EXISTS (SELECT FROM (%s) AS cell (name, value)
                     WHERE cell.value ~ %s AND NOT cell.name = ANY(known.names)
                       AND NOT EXISTS (
                           SELECT FROM res_company company
                            WHERE strpos(lower(cell.value), lower(company.email)) > 0))
        """,
        cells_of(table.texts),
        ALONE,
    )
