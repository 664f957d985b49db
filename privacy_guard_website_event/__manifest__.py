{
    "name": "Privacy Guard: event registration",
    "summary": "Ask for consent when people register for an event on the website",
    "version": "19.0.1.0.0",
    "category": "Productivity/Privacy",
    "author": "Privacy Guard maintainers",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["privacy_guard_event", "privacy_guard_website", "website_event"],
    "data": [
        "views/consent_purpose_views.xml",
        "views/event_templates.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "privacy_guard_website_event/static/tests/tours/**/*",
        ],
    },
}
