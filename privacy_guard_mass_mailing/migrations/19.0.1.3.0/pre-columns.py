from odoo.addons.privacy_guard.extending import add_columns
from odoo.addons.privacy_guard_mass_mailing.hooks import COMPANIES, MAILINGS


def migrate(cr, version):
    """What a raw insert leaves out, the database fills in."""
    add_columns(cr, "mailing_mailing", MAILINGS)
    add_columns(cr, "res_company", COMPANIES)
