{
    "name": "Privacy Guard: website leads",
    "summary": "Tie visits of the website to leads only with consent",
    "version": "19.0.1.0.0",
    "category": "Productivity/Privacy",
    "author": "Privacy Guard maintainers",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["privacy_guard_website", "website_crm"],
}
