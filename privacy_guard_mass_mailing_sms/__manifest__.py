{
    "name": "Privacy Guard: marketing text messages",
    "summary": "Mailings of text messages go to whom they may, and track whom they may",
    "version": "19.0.1.1.0",
    "category": "Productivity/Privacy",
    "author": "Privacy Guard maintainers",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": [
        "privacy_guard_mass_mailing",
        "privacy_guard_sms",
        "mass_mailing_sms",
    ],
    "data": [
        "security/ir.model.access.csv",
        "views/mailing_mailing_views.xml",
        "views/stop_templates.xml",
    ],
}
