"""Run in `odoo shell` after `demo_setup.py`, where everything is installed.

Leads are asked too, a form of the website asks for consent, and a mailing goes to whom
it may: of these one pauses, and one wants few. Who reads it, once the server runs, is
counted without tracking (`demo.py`).

A second run makes nothing twice.
"""

# `env` is what the shell provides; `daily` and `report` are of `demo_setup.py`.
# ruff: noqa: F821
import re
from datetime import datetime, timedelta

SUBJECT = "News of this month"
newsletter = env.ref("privacy_guard.consent_purpose_newsletter")
newsletter.for_leads = True
engagement = env.ref("privacy_guard.consent_purpose_tracking_email")
if not engagement.active:
    engagement._publish()
    engagement.active = True

# what the form builder saves when somebody chooses the consent for the form
contact_form = env.ref("website.contactus")
if "data-privacy-purposes" not in contact_form.arch_db:
    chosen = f"""<form data-privacy-purposes='[{{"id": {newsletter.id}}}]' """
    contact_form.arch_db = re.sub("<form ", chosen, contact_form.arch_db, count=1)

mailing = env["mailing.mailing"].search(
    [("subject", "=", SUBJECT), ("state", "=", "done")], limit=1
)
if not mailing:
    willing = env["consent.record"].search(
        [("purpose_id", "=", newsletter.id), ("res_model", "=", "res.partner")],
        limit=12,
    )
    for consent in willing:
        env["privacy.api"].record_answer(
            newsletter.id,
            f"res.partner,{consent.res_id}",
            "granted",
            source="letter",
            note="Reply card from the spring catalogue",
        )
    # one pauses for a week, one wants one a month
    wishes = (
        {"paused_until": datetime.now().replace(microsecond=0) + timedelta(7)},
        {"most": "once_month"},
    )
    for consent, wish in zip(willing, wishes, strict=False):
        person = env["res.partner"].browse(consent.res_id)
        person._consent_prefer({newsletter.id: wish}, source="preferences")
    mailing = env["mailing.mailing"].create(
        {
            "subject": SUBJECT,
            "body_html": """<p>Hello! <a href="https://example.com">Our news</a></p>
                <p><a href="/unsubscribe_from_list">Unsubscribe</a></p>""",
            "mailing_model_id": env["ir.model"]._get_id("res.partner"),
            "mailing_domain": "[('email', '!=', False)]",
            "privacy_purpose_id": newsletter.id,
        }
    )
    mailing.action_launch()
    env.cr.commit()
    env["mailing.mailing"]._process_mass_mailing_queue()
    mailing.copy()
env.cr.commit()

daily()
draft = env["mailing.mailing"].search(
    [("subject", "=", SUBJECT), ("state", "=", "draft")], limit=1
)


def who_wants(**wish):
    """:return: path of the contact of whoever has chosen this"""
    domain = [("purpose_id", "=", newsletter.id), ("res_model", "=", "res.partner")]
    rows = env["consent.preference"].search(domain)
    row = rows.filtered_domain([(name, "=", wish[name]) for name in wish])[:1]
    return f"/odoo/contacts/{row.res_id or ''}"


applying = [("purpose_id", "=", newsletter.id), ("value", "!=", "not_applicable")]
by_reason = env["privacy.reach"]._read_group(
    [("purpose_id", "=", newsletter.id), ("channel", "=", "mail")],
    ["reach"],
    ["__count"],
)
report(
    people=env["consent.record"].search_count(applying),
    reach=dict(by_reason),
    Leads="/odoo/crm",
    Mailing_sent=f"/odoo/mailing.mailing/{mailing.id}",
    Mailing_to_send=f"/odoo/mailing.mailing/{draft.id}",
    Who_pauses=who_wants(most=False),
    Who_wants_few=who_wants(most="once_month"),
    Reach="/odoo/privacy-reach",
    Web_form="/contactus",
    Quotations="/odoo/sales",
)
