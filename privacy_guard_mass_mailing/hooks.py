from odoo.addons.privacy_guard.extending import add_columns


def pre_init_hook(env):
    """Mailing contacts become subjects, however many there are."""
    add_columns(env.cr, "mailing_contact")


def post_init_hook(env):
    """Those that were there may have several addresses."""
    env["mailing.contact"]._privacy_canonicalise()


def uninstall_hook(env):
    """Mailing contacts are no subjects any more."""
    env["mailing.contact"]._privacy_uninstall()
