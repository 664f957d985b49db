{
    "name": "Privacy Guard: text messages",
    "summary": "Send no text message to people who have said no",
    "version": "19.0.1.2.0",
    "category": "Productivity/Privacy",
    "author": "Privacy Guard maintainers",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["privacy_guard_phone_validation", "sms"],
    "data": [
        "security/ir.model.access.csv",
        "security/privacy_sms_security.xml",
        "data/privacy_sms_word_data.xml",
        "views/consent_purpose_views.xml",
        "views/privacy_sms_views.xml",
        "views/sms_composer_views.xml",
    ],
    "assets": {
        "web.assets_tests": ["privacy_guard_sms/static/tests/tours/**/*"],
    },
}
