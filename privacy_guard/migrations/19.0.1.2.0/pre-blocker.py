from odoo.tools.sql import column_exists, rename_column


def migrate(cr, version):
    """Why somebody could not be erased has another name now."""
    if column_exists(cr, "privacy_erasure_subject", "obstacle"):
        rename_column(cr, "privacy_erasure_subject", "obstacle", "blocker")
