{
    "name": "Privacy Guard: marketing mail",
    "summary": "Mailings go to whom they may, and track whom they may",
    "version": "19.0.1.3.0",
    "category": "Productivity/Privacy",
    "author": "Privacy Guard maintainers",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["privacy_guard", "mass_mailing"],
    "data": [
        "security/ir.model.access.csv",
        "views/consent_purpose_views.xml",
        "views/link_tracker_views.xml",
        "views/privacy_complaint_views.xml",
        "views/privacy_request_views.xml",
        "views/mailing_contact_views.xml",
        "views/mailing_list_views.xml",
        "views/mailing_mailing_views.xml",
        "views/mailing_templates.xml",
        "views/res_config_settings_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "privacy_guard_mass_mailing/static/src/exclusions_field/**/*"
        ],
        "mass_mailing.mailing_assets": [
            "privacy_guard_mass_mailing/static/src/mailing_page/**/*"
        ],
        "web.assets_tests": ["privacy_guard_mass_mailing/static/tests/tours/**/*"],
    },
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
