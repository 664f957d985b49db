{
    "name": "Privacy Guard",
    "summary": "Ask contacts for consent, obey their answers everywhere, prove them",
    "version": "19.0.1.0.0",
    "category": "Productivity/Privacy",
    "author": "Privacy Guard maintainers",
    "license": "LGPL-3",
    "application": True,
    "depends": ["contacts", "mail", "portal"],
    "data": [
        "security/privacy_guard_groups.xml",
        "security/ir.model.access.csv",
    ],
}
