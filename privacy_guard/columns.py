"""Columns of ours on tables of other add-ons.

Anybody makes rows of these, by raw SQL as well, and there may be millions. What the ORM
gives a row that says nothing, the database gives it too; and a column with a constant
default is added without rewriting the table, while Odoo would update every row.
"""

from odoo.tools import SQL

# name -> (type, default), as fields of ``consent.subject.mixin`` declare them
SUBJECT = {
    "privacy_status": ("varchar", "active"),
    "email_opt_in": ("varchar", "none"),
    "preferences_version": ("int4", 0),
    "privacy_other_addresses": ("jsonb", None),
}
SETTINGS = {
    "privacy_marketing_opt_in": ("varchar", "any"),
    "privacy_withhold": ("varchar", "seal"),
    "privacy_suppression": ("varchar", "quarantine"),
}


def add_columns(cr, table, columns=SUBJECT):
    """Add columns before Odoo would, or give those that are there their defaults.

    An add-on calls this in its ``pre_init_hook`` for a model that it makes a subject.

    :param dict columns: name -> (type, default)
    """
    for name, (column_type, default) in columns.items():
        cr.execute(
            SQL(
                """
                ALTER TABLE %(table)s
                    ADD COLUMN IF NOT EXISTS %(name)s %(type)s DEFAULT %(default)s,
                    ALTER COLUMN %(name)s SET DEFAULT %(default)s
                """,
                table=SQL.identifier(table),
                name=SQL.identifier(name),
                type=SQL(column_type),
                default=default,
            )
        )
