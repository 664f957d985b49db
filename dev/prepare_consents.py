"""Run in `odoo shell`: consents enabled, as the wizard does it, and everybody asked."""

# `env` is what the shell provides.
# ruff: noqa: F821
env.company.write({"privacy_from_name": "Us", "privacy_from_email": "us@example.com"})
for name in env["consent.record"]._subject_models():
    env[name]._privacy_flag_duplicates()
env["privacy.gate"]._enable()
purpose = env["consent.purpose"].create(
    {
        "name": "For everybody",
        "text": "May we?",
        "for_leads": True,
        "for_mailing_contacts": True,
    }
)
purpose._publish()
purpose.active = True
env.cr.commit()
