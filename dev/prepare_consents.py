"""Run in `odoo shell`: consents enabled, as the wizard does it, everybody asked, and a
consent for mailings that holds until somebody objects: `dev/lib/named_consents.py` has
them name it."""

# `env` is what the shell provides.
# ruff: noqa: F821
env.company.write({"privacy_from_name": "Us", "privacy_from_email": "us@example.com"})
for name in env["consent.record"]._subject_models():
    env[name]._privacy_flag_duplicates()
env["privacy.gate"]._enable()
everybody = {"text": "May we?", "for_leads": True, "for_mailing_contacts": True}
asked, mailings = env["consent.purpose"].create(
    [
        {**everybody, "name": "For everybody"},
        {
            **everybody,
            "name": "Mailings",
            "default_selection": "yes",
            "legal_basis": "legitimate_interests",
            "covers_email": True,
            "covers_sms": True,
        },
    ]
)
(asked | mailings)._publish()
(asked | mailings).active = True
env.cr.commit()
