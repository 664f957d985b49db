{
    "name": "Privacy Guard: newsletter block",
    "summary": "Subscribe on the website with consent, confirmed by mail",
    "version": "19.0.1.1.0",
    "category": "Productivity/Privacy",
    "author": "Privacy Guard maintainers",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": [
        "privacy_guard_mass_mailing",
        "privacy_guard_website",
        "website_mass_mailing",
    ],
    "assets": {
        "web.assets_frontend": [
            "privacy_guard_website_mass_mailing/static/src/interactions/**/*",
        ],
        "web.assets_tests": [
            "privacy_guard_website_mass_mailing/static/tests/tours/**/*",
        ],
    },
}
