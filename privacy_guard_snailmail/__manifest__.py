{
    "name": "Privacy Guard: letters by post",
    "summary": "Have no letter sent by post to people who have said no",
    "version": "19.0.1.1.0",
    "category": "Productivity/Privacy",
    "author": "Privacy Guard maintainers",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["privacy_guard", "snailmail"],
    "data": ["views/consent_purpose_views.xml"],
}
