from odoo.addons.privacy_guard.extending import add_columns

from .scale import IDENTIFIED

# of tables of others, with the defaults of our fields: name -> (type, default)
MAILINGS = {
    "privacy_openings": ("varchar", IDENTIFIED),
    "privacy_clicks": ("varchar", IDENTIFIED),
    "privacy_useful_days": ("int4", 14),
}
COMPANIES = {
    "privacy_openings": ("varchar", IDENTIFIED),
    "privacy_clicks": ("varchar", IDENTIFIED),
    "privacy_silence": ("varchar", "anonymous"),
    "privacy_complaint_limit": ("float8", 0.3),
    "privacy_complaint_least": ("int4", 100),
}


def pre_init_hook(env):
    """Mailing contacts become subjects, however many there are."""
    add_columns(env.cr, "mailing_contact")
    add_columns(env.cr, "mailing_mailing", MAILINGS)
    add_columns(env.cr, "res_company", COMPANIES)


def post_init_hook(env):
    """Those that were there may have several addresses."""
    env["mailing.contact"]._privacy_canonicalise()


def uninstall_hook(env):
    """Mailing contacts are no subjects any more."""
    env["mailing.contact"]._privacy_uninstall()
