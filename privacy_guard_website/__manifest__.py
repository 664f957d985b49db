{
    "name": "Privacy Guard: website",
    "summary": "Consent in web forms and in the tracking of website visitors",
    "version": "19.0.1.1.0",
    "category": "Productivity/Privacy",
    "author": "Privacy Guard maintainers",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["privacy_guard", "website"],
    "data": [
        "security/ir.model.access.csv",
        "security/privacy_web_form_security.xml",
        "data/mail_template_data.xml",
        "views/consent_purpose_views.xml",
        "views/web_form_templates.xml",
    ],
    "assets": {
        "web.assets_frontend": [
            "privacy_guard_website/static/src/scss/web_form.scss",
        ],
        "website.website_builder_assets": [
            "privacy_guard_website/static/src/website_builder/**/*",
        ],
        "web.assets_tests": [
            "privacy_guard_website/static/tests/tours/**/*",
        ],
    },
}
