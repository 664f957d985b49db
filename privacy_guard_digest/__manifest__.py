{
    "name": "Privacy Guard: digest",
    "summary": "Count privacy requests in the digest mails",
    "version": "19.0.1.0.0",
    "category": "Productivity/Privacy",
    "author": "Privacy Guard maintainers",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["privacy_guard", "digest"],
    "data": ["views/digest_digest_views.xml"],
}
