from odoo.addons.privacy_guard.columns import SUBJECT, add_columns


def migrate(cr, version):
    """All tables of people have one more column, which few rows need."""
    cr.execute(
        """
        SELECT table_name FROM information_schema.columns
         WHERE table_schema = current_schema AND column_name = 'preferences_version'
        """
    )
    name = "privacy_other_addresses"
    for (table,) in cr.fetchall():
        add_columns(cr, table, {name: SUBJECT[name]})
