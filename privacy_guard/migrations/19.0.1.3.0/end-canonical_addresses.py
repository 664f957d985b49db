from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Addresses are compared in one form, once all models are there."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["mail.thread.blacklist"]._privacy_canonicalise_all()
