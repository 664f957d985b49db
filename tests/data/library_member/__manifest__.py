{
    "name": "Library",
    "summary": "Members of a library and the books that they have borrowed",
    "version": "19.0.1.0.0",
    "category": "Services",
    "author": "A stranger",
    "license": "LGPL-3",
    "depends": ["privacy_guard"],
    "data": [
        "security/ir.model.access.csv",
        "data/consent_purposes.xml",
        "views/library_member_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
