{
    "name": "Privacy Guard: orders",
    "summary": "Note who has viewed a quotation only with their consent",
    "version": "19.0.1.0.0",
    "category": "Productivity/Privacy",
    "author": "Privacy Guard maintainers",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["privacy_guard_account", "sale"],
    "assets": {
        "web.assets_tests": ["privacy_guard_sale/static/tests/tours/**/*"],
    },
}
