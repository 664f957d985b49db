from odoo.addons.privacy_guard.extending import add_columns


def pre_init_hook(env):
    """Leads become subjects, however many there are."""
    add_columns(env.cr, "crm_lead")


def post_init_hook(env):
    """Those that were there may have several addresses."""
    env["crm.lead"]._privacy_canonicalise()


def uninstall_hook(env):
    """Leads are no subjects any more."""
    env["crm.lead"]._privacy_uninstall()
