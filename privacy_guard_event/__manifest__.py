{
    "name": "Privacy Guard: events",
    "summary": "Erase and copy registrations for events, and mail them as consents demand",
    "version": "19.0.1.0.0",
    "category": "Productivity/Privacy",
    "author": "Privacy Guard maintainers",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["privacy_guard", "event"],
}
