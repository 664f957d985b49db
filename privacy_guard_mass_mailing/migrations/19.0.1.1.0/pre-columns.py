from odoo.addons.privacy_guard.extending import add_columns


def migrate(cr, version):
    """What a raw insert leaves out, the database fills in."""
    add_columns(cr, "mailing_contact")
