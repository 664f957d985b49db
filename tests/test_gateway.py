"""Leads that come by mail."""

import subprocess
import sys
from email.message import EmailMessage

import pytest
import requests

NEWS = "News"
SCRIPT = "/mail/static/scripts/odoo-mailgate.py"


@pytest.fixture
def receive(company, tmp_path):
    """A function that hands a mail to Odoo as the company's mail server would.

    It is given the name of the sender and returns the id of the lead that comes of it.
    """
    script = tmp_path / "odoo-mailgate.py"
    script.write_text(requests.get(company.server.url + SCRIPT).text)
    host, port = company.server.url.removeprefix("http://").split(":")
    login = ("-d", company.database, "-u", str(company.clerk), "-p", "clerkclerk")

    def deliver(name):
        message = EmailMessage()
        message["From"] = f"{name} <{name}@example.com>"
        message["To"] = "leads@example.net"
        message["Subject"] = f"Question of {name}"
        message["Message-Id"] = f"<{name}@example.com>"
        message.set_content("What does it cost?")
        command = (sys.executable, script, *login, "--host", host, "--port", port)
        subprocess.run(command, input=message.as_string(), text=True, check=True)
        domain = [("name", "=", message["Subject"])]
        [lead] = company.call("crm.lead", "search", domain=domain)
        return lead

    return deliver


def consents(company, person):
    """:return: {id of a purpose: value}"""
    rows = company.call("privacy.api", "consents", person=person)
    return {row["purpose"]: row["value"] for row in rows}


def test_a_stranger_becomes_a_lead_and_is_asked(company, receive):
    lead = receive("mila")
    person = f"crm.lead,{lead}"
    found = consents(company, person)
    assert found == dict.fromkeys(company.purposes.values(), "applicable")
    # nobody is written to but by the daily run, or when a user asks
    company.empty_queue()
    assert not [m for m in company.mails().get("mila", ()) if "/privacy/" in str(m)]

    company.choose("mila", **{NEWS: "yes"})
    assert company.events("crm.lead", lead, NEWS) == [("preferences", "granted")]
    # what she said goes along when the lead becomes a contact
    convert = {"active_model": "crm.lead", "active_id": lead, "active_ids": [lead]}
    company.press(
        "crm.lead2opportunity.partner", "action_apply", convert, name="convert"
    )
    [contact] = company.read("crm.lead", lead, "partner_id")
    assert consents(company, contact)[company.purposes[NEWS]] == "granted"


def test_a_contact_keeps_their_answers(company, receive):
    contact = company.person("karl", **{NEWS: "refused"})
    before = consents(company, contact)
    lead = receive("karl")
    assert company.read("crm.lead", lead, "privacy_contact_id") == [contact]
    assert consents(company, "karl@example.com") == before


def test_who_has_stopped_stays_so(company, receive):
    """Their letter arrives; it opens nothing, and nothing goes back by itself."""
    contact = company.person("stine")
    company.stop(contact)
    receive("stine")
    assert company.read("res.partner", contact, "privacy_status") == ["stopped"]
    company.empty_queue()
    assert "stine" not in company.mails()
