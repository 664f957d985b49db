{
    "name": "Text messages from a provider",
    "version": "19.0.1.0.0",
    "author": "A stranger",
    "license": "LGPL-3",
    "depends": ["privacy_guard_sms"],
}
