import inspect
import re
from dataclasses import replace
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...tools import sender_dns, spf
from ..common import PrivacyCommon
from .name_server import NameServer

RECORDS = {
    "example.com": ["v=spf1 mx -all"],
    "_dmarc.example.com": ["v=DMARC1; p=reject"],
    "key1._domainkey.example.com": [
        "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    ],
    "bounce.example": ["v=spf1 include:gone.example -all"],
}


@tagged("post_install", "-at_install")
class TestSenderCheck(PrivacyCommon):
    """MAIL-4: an administrator sees what the name servers say of the sender's domains,
    and only when they press the button."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.make_user("admin2", groups="base.group_system")
        cls.env["ir.mail_server"].search([]).active = False
        cls.env["mail.template"].search([("email_from", "!=", False)]).email_from = ""
        company = cls.env.company
        company.alias_domain_id = cls.env["mail.alias.domain"].create(
            {"name": "bounce.example"}
        )
        cls.env["ir.mail_server"].create(
            {
                "name": "Relay",
                "smtp_host": "relay.example",
                "from_filter": "silent.example, offers@Example.com",
            }
        )
        cls.settings = cls.env["res.config.settings"].with_user(cls.admin)
        other = cls.env["res.company"].create({"name": "Other", "email": "a@o.example"})
        other.privacy_from_email = "hello@other.example"

    def shown(self, check):
        """:return: {(domain, kind): (state, what to do)}"""
        return {(r.domain, r.kind): (r.state, r.advice) for r in check.line_ids}

    def test_it_is_looked_up_when_asked_for(self):
        with (
            patch.object(sender_dns, "MOST_SECONDS_EACH", 0.1),
            NameServer(RECORDS) as server,
        ):
            settings = self.settings.create({})
            settings.execute()
            self.assertEqual(server.asked, [], "saving the settings asks nobody")
            action = settings.action_privacy_check_sender()
            check = self.env[action["res_model"]].browse(action["res_id"])
            check = check.with_user(self.admin)
            found = self.shown(check)
            # what is asked names no person, nor what another company sends from
            names = {name for name in server.asked if "@" in name or "other" in name}
            self.assertEqual(names, set())
            check.signature = "key1"
            check.action_look()
        self.assertEqual(
            {domain for domain, _kind in found},
            {"example.com", "bounce.example", "silent.example"},
        )
        self.assertEqual(found["example.com", "spf"][0], "good")
        self.assertEqual(
            found["example.com", "dmarc"],
            ("good", "There is one. Mail that fails: reject."),
        )
        state, advice = found["example.com", "dkim"]
        self.assertEqual(state, "unknown")
        self.assertIn("a mail that has arrived", advice)
        state, advice = found["bounce.example", "spf"]
        self.assertEqual(state, "bad")
        self.assertIn("include:gone.example", advice)
        self.assertEqual(found["silent.example", "spf"][0], "unknown")
        self.assertEqual(self.shown(check)["example.com", "dkim"][0], "good")

    def test_every_finding_has_its_words(self):
        check = self.env["privacy.sender.check"].new({})
        found = sender_dns.Finding("example.com", "spf", "", "DETAIL")
        codes = check._spf_advice() | check._dmarc_advice() | check._dkim_advice()
        told = codes.keys() | {"unanswered"}
        # whatever the lookup may find
        source = inspect.getsource(sender_dns) + inspect.getsource(spf)
        named = re.findall(r'"((?:spf|dmarc|dkim)\w*)"', source)
        self.assertEqual(told, {*named, "unanswered"})
        for code, text in codes.items():
            advice = check._advice(replace(found, code=code))
            self.assertEqual("DETAIL" in advice, "%s" in text, code)

    def test_what_it_takes(self):
        """The right to change settings, the package, and a sender."""
        clerk = self.make_user("clerk")
        checks = self.env["privacy.sender.check"]
        with self.assertRaises(AccessError):
            checks.with_user(clerk)._open()
        mine = checks.with_user(self.admin).create({})
        with self.assertRaises(AccessError):
            mine.with_user(clerk).sudo().action_look()
        checks = checks.with_user(self.admin)
        with (
            patch.object(sender_dns, "dns", None),
            self.assertRaisesRegex(UserError, "pip install dnspython"),
        ):
            checks._open()
        with (
            patch.object(type(checks), "_senders", return_value=["nobody"]),
            self.assertRaisesRegex(UserError, "From address"),
        ):
            checks._open()
