{
    "name": "Privacy Guard: invoices",
    "summary": "Invoices of people who have stopped processing or were erased",
    "version": "19.0.1.0.0",
    "category": "Productivity/Privacy",
    "author": "Privacy Guard maintainers",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["privacy_guard", "account"],
    "assets": {
        "web.assets_tests": ["privacy_guard_account/static/tests/tours/**/*"],
    },
}
