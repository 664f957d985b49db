{
    "name": "Privacy Guard: leads",
    "summary": "Ask the people behind leads for consent, and obey their answers",
    "version": "19.0.1.2.0",
    "category": "Productivity/Privacy",
    "author": "Privacy Guard maintainers",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["privacy_guard", "crm"],
    "data": [
        "views/consent_purpose_views.xml",
        "views/privacy_request_views.xml",
        "views/crm_lead_views.xml",
    ],
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "assets": {
        "web.assets_tests": ["privacy_guard_crm/static/tests/tours/**/*"],
    },
}
