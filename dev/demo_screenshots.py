"""Run in `odoo shell` on a copy of the demo: what the pictures of the documents show.

Everything goes the way of the buttons.
"""

# `env` is what the shell provides.
# ruff: noqa: F821
import json
import os
from pathlib import Path

env = env(user=env.ref("base.user_admin").id)
parameters = env["ir.config_parameter"].sudo()
parameters.set_param("web.base.url", os.environ["DEMO_URL"])
for group in ("user", "officer"):
    env.user.group_ids |= env.ref(f"privacy_guard.group_privacy_{group}")

maya = env.ref("privacy_guard.partner_maya_thornton")
owen = env.ref("privacy_guard.partner_owen_castellan")
ruth = env.ref("privacy_guard.partner_ruth_amberley")
for row in env["privacy.api"].consents(maya.id):
    refused = row["purpose"] == env.ref("privacy_guard.consent_purpose_phone").id
    env["privacy.api"].record_answer(
        row["purpose"],
        maya.id,
        "refused" if refused else "granted",
        source="letter",
        note="Reply card from the spring catalogue",
    )

requests = env["privacy.request"]
requests._make(owen, "rectification", "mail")
requests._make(ruth, "erasure", "letter")
erasure = env["privacy.erasure"]._begin(ruth)
env.cr.commit()
env["privacy.erasure"]._advance()
env.cr.commit()

passport = env["ir.model.fields"].create(
    {
        "name": "x_passport",
        "field_description": "Passport number",
        "model_id": env["ir.model"]._get_id("res.partner"),
        "ttype": "char",
    }
)
lead = env["crm.lead"].search([("consent_ids", "!=", False)], limit=1)
draft = env["mailing.mailing"].search(
    [("privacy_purpose_id", "!=", False), ("state", "=", "draft")], limit=1
)
result = {
    "field": passport.id,
    "maya": maya.id,
    "erasure": erasure.id,
    "lead": lead.id,
    "mailing": draft.id,
    "link": owen._privacy_preferences_url(),
}
Path(os.environ["DEMO_RESULT"]).write_text(json.dumps(result))
env.cr.commit()
