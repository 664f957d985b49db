{
    "name": "Privacy Guard: phone numbers",
    "summary": "Encrypt the phone number of contacts, and what is derived from it",
    "version": "19.0.1.1.0",
    "category": "Productivity/Privacy",
    "author": "Privacy Guard maintainers",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["privacy_guard", "phone_validation"],
    "data": ["views/consent_purpose_views.xml"],
}
