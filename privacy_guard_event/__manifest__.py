{
    "name": "Privacy Guard: events",
    "summary": "Registrations for events are erased, copied and mailed as asked",
    "version": "19.0.1.0.0",
    "category": "Productivity/Privacy",
    "author": "Privacy Guard maintainers",
    "license": "LGPL-3",
    "auto_install": True,
    "depends": ["privacy_guard", "event"],
}
