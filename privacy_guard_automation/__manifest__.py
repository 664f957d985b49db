{
    "name": "Privacy Guard: automation",
    "summary": "Automation rules and webhooks on changes of consents",
    "version": "19.0.1.0.0",
    "category": "Productivity/Privacy",
    "author": "Privacy Guard maintainers",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["privacy_guard", "base_automation"],
    "assets": {
        "web.assets_tests": ["privacy_guard_automation/static/tests/tours/**/*"],
    },
}
