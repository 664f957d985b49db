from odoo.addons.privacy_guard.extending import add_columns

LEVELS = {
    "privacy_openings": ("varchar", "identified"),
    "privacy_clicks": ("varchar", "identified"),
}
COMPANIES = {
    "privacy_silence": ("varchar", "anonymous"),
    "privacy_complaint_limit": ("float8", 0.3),
    "privacy_complaint_least": ("int4", 100),
}


def migrate(cr, version):
    """What a raw insert leaves out, the database fills in."""
    add_columns(cr, "mailing_mailing", {**LEVELS, "privacy_useful_days": ("int4", 14)})
    add_columns(cr, "res_company", {**LEVELS, **COMPANIES})
