from odoo.addons.privacy_guard.extending import add_columns


def pre_init_hook(env):
    """Leads become subjects, however many there are."""
    add_columns(env.cr, "crm_lead")


def post_init_hook(env):
    """Those that were there may have several addresses, and repeat what is encrypted of
    their contact."""
    env["crm.lead"]._privacy_canonicalise()
    env["ir.model.fields"]._privacy_encrypt_companions()
    env.ref("privacy_guard.ir_cron_field_encryption")._trigger()


def uninstall_hook(env):
    """Leads are no subjects any more."""
    env["crm.lead"]._privacy_uninstall()
