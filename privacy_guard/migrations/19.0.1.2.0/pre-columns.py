from odoo.addons.privacy_guard.columns import SETTINGS, add_columns


def migrate(cr, version):
    """What a raw insert leaves out, the database fills in."""
    add_columns(cr, "res_partner")
    add_columns(cr, "res_config_settings", SETTINGS)
