import os
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...tools import keyring
from .erasure_common import ErasureCommon


@tagged("post_install", "-at_install")
class TestSuppression(ErasureCommon):
    """ERA-2: erased people do not come back by an import."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.suppression = cls.env["privacy.suppression"]

    def setUp(self):
        super().setUp()
        self.erase()

    def set_policy(self, policy):
        self.env["ir.config_parameter"].set_param("privacy_guard.suppression", policy)

    def test_list_holds_no_address(self):
        [entry] = self.suppression.search([])
        self.assertEqual(entry.kind, "email")
        self.assertNotIn("canary", self.texts(entry))
        self.assertEqual(entry.key_id, self.keyring().active_id)

    def test_quarantine_locks_until_an_officer_unlocks(self):
        back = self.make_contact("Ann Again", email="Ann <ANN@canary.example>")
        self.assertEqual(back.privacy_status, "stopped")
        for change in (lambda: back.write({"phone": "1"}), back.unlink):
            with self.assertRaisesRegex(UserError, "on the suppression list"):
                change()
        log = self.env["privacy.status.log"].search([("res_id", "=", back.id)], limit=1)
        self.assertIn("was erased", log.reason)
        self.assertIn("suppression list", back.privacy_suppression_hint)
        asked = self.make_contact("Bob", email="bob@example.com")
        asked._privacy_set_status("stopped", "Asked us")
        self.assertFalse(asked.privacy_suppression_hint)

    def test_reopening_after_the_quarantine_tells_nobody(self):
        """ERA-2, STP-2: who asked for nothing gets no answer."""
        mails = self.env["mail.mail"]
        back = self.make_contact("Ann Again", email="ann@canary.example")
        before = mails.search_count([])
        back.with_user(self.officer)._privacy_reopen("It is somebody else")
        self.assertEqual(back.privacy_status, "active")
        self.assertEqual(mails.search_count([]), before)

    def test_who_asks_in_quarantine_has_asked(self):
        """STP-1: the message names the person's own wish, and they are told (STP-2)."""
        back = self.make_contact("Ann Again", email="ann@canary.example")
        request = self.env["privacy.request"]._make(back, "stop", "letter")
        for state in ("new", "done"):
            self.assertEqual(request.state, state)
            with self.assertRaisesRegex(UserError, "asked us to stop processing"):
                back.phone = "1"
            if state == "new":
                request.with_user(self.officer).action_execute()
        before = self.env["mail.mail"].search_count([])
        back.with_user(self.officer)._privacy_reopen("They called")
        self.assertEqual(self.env["mail.mail"].search_count([]), before + 1)

    def test_quarantine_outlives_a_merge(self):
        back = self.make_contact("Ann Again", email="ann@canary.example")
        other = self.make_contact("Ann Other", email=False)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (back | other).ids, other
        )
        self.assertEqual(other.privacy_status, "stopped")
        with self.assertRaisesRegex(UserError, "on the suppression list"):
            other.phone = "1"

    def test_refused_in_every_way(self):
        self.set_policy("refuse")
        contacts = self.env["res.partner"]
        other = self.make_contact("Bea Other")
        vals = {"name": "Ann Again", "email": "ann@canary.example"}
        user = {"name": "Ann", "login": "ann2", "email": "ann@canary.example"}
        for way in (
            lambda: contacts.create(vals),
            lambda: contacts.with_user(self.officer).create(vals),
            lambda: contacts.sudo().create([{"name": "Else"}, vals]),
            lambda: other.write({"email": "ann@canary.example"}),
            lambda: self.env["res.users"].create(user),
            lambda: contacts.find_or_create('"Ann" <ann@canary.example>'),
        ):
            with self.assertRaisesRegex(UserError, "was erased"):
                with self.env.cr.savepoint():
                    way()
        result = contacts.load(["name", "email"], [["Ann", "ann@canary.example"]])
        self.assertIn("was erased", result["messages"][0]["message"])

    def receive(self):
        """A mail to an alias that makes contacts.

        :return: the contact
        """
        mail = (
            "From: Ann <ann@canary.example>\nTo: contacts@example.com\n"
            "Subject: Me again\nMessage-Id: <again@canary.example>\n\nHello"
        )
        contacts = self.env["res.partner"]
        thread = self.env["mail.thread"].message_process("res.partner", mail)
        return contacts.browse(thread)

    def test_incoming_mail(self):
        """It is created in quarantine; or refused, which the mail server is told."""
        back = self.receive()
        self.assertEqual(back.privacy_status, "stopped")
        back._privacy_reopen("delete it")
        back.unlink()
        self.set_policy("refuse")
        with self.assertRaisesRegex(UserError, "was erased"):
            self.receive()

    def test_however_the_address_is_written(self):
        """IDN-2: of all addresses of the person."""
        person = self.make_contact("Two", email="one@m\u00fcller.example; b@x.example")
        self.erase(person)
        for text in ('"one"@xn--mller-kva.example.', "c@x.example, B@x.example"):
            with self.subTest(text=text):
                back = self.make_contact("Back Again", email=text)
                self.assertEqual(back.privacy_status, "stopped")

    def test_warning_is_a_note(self):
        self.set_policy("warn")
        back = self.make_contact("Ann Again", email="ann@canary.example")
        self.assertEqual(back.privacy_status, "active")
        self.assertIn("was erased", back.message_ids[0].body)
        # whoever makes it, such as a visitor by a form, for who reads it
        self.env["res.lang"]._activate_lang("de_DE")
        self.env.company.partner_id.lang = "de_DE"
        back.unlink()
        visitor = self.env["res.partner"].with_user(self.env.ref("base.public_user"))
        values = {"name": "Ann Again", "email": "ann@canary.example"}
        back = visitor.sudo().with_context(lang="en_US").create(values)
        self.assertIn("gelöscht", back.message_ids[0].body)

    def test_others_are_not_concerned(self):
        self.set_policy("refuse")
        self.make_contact("Bob", email="bob@canary.example", phone="+32 2 555 01 02")

    def test_officer_finds_and_releases_by_the_address(self):
        self.set_policy("refuse")
        found = self.suppression.search([("address", "=", "ann@canary.example")])
        self.assertTrue(found)
        self.assertEqual(
            self.suppression.search([("address", "ilike", "ANN@CANARY.example")]), found
        )
        self.assertFalse(
            self.suppression.search([("address", "=", "b@canary.example")])
        )
        clerk = self.make_user("clerk")
        with self.assertRaises(AccessError):
            found.with_user(clerk).action_release()
        found.with_user(self.officer).action_release()
        self.make_contact("Ann Again", email="ann@canary.example")

    def test_erased_again_is_suppressed_again(self):
        entry = self.suppression.search([])
        entry.action_release()
        back = self.make_contact("Ann Again", email="ann@canary.example")
        self.erase(back)
        self.assertFalse(entry.released_on)

    def test_found_after_the_key_was_rotated(self):
        keyring.rotate()
        back = self.make_contact("Ann Again", email="ann@canary.example")
        self.assertEqual(back.privacy_status, "stopped")

    def test_without_a_key_file_the_database_has_the_key(self):
        with patch.dict(os.environ):
            del os.environ[keyring.VARIABLE]
            bea = self.make_contact("Bea Other")
            self.erase(bea)
            self.assertIn("database", self.suppression.search([]).mapped("key_id"))
            back = self.make_contact("Bea Again", email="bea.other@example.com")
            self.assertEqual(back.privacy_status, "stopped")
            back._privacy_reopen("delete it")
            back.unlink()
        # and it is still found once there is a key file
        back = self.make_contact("Bea Third", email="bea.other@example.com")
        self.assertEqual(back.privacy_status, "stopped")

    def test_lost_key_file(self):
        """Contacts can be stored, nobody can be erased, and the log says why."""
        bea = self.make_contact("Bea Other")
        erasure = self.begin(bea)
        with patch.dict(os.environ, {keyring.VARIABLE: "/nowhere"}):
            with self.assertRaisesRegex(UserError, "key file cannot be used"):
                erasure._confirm("because")
            with self.assertLogs("odoo.addons.privacy_guard", "ERROR"):
                self.make_contact("Ann Again", email="ann@canary.example")

    def outcome(self, **vals):
        """:return: the state of a mail, and why it was not sent"""
        mail = self.env["mail.mail"].create({"body_html": "Hello", **vals})
        mail.send()
        return mail.state, mail.failure_type

    def test_mail_to_an_address_that_no_record_has(self):
        """Nothing is kept of the person that could refuse."""
        address, refused = "Ann <ANN@canary.example>", ("cancel", "privacy_stopped")
        self.assertEqual(self.outcome(email_to=address), refused)
        sent = self.outcome(email_to="bob@canary.example")
        self.assertNotEqual(sent[0], "cancel")
        bob = self.make_contact("Bob Other")
        bob.message_post(body="Hello", outgoing_email_to=address)
        mail = self.env["mail.mail"].search([], limit=1, order="id desc")
        self.assertEqual((mail.state, mail.failure_type), refused)
        # who is stored again is asked what holds for the record
        back = self.make_contact("Ann Again", email="ann@canary.example")
        self.assertEqual(self.outcome(email_to=address), refused)
        back._privacy_reopen("It is somebody else")
        self.assertNotEqual(self.outcome(email_to=address)[0], "cancel")

    def refusals(self, *recipients):
        asked = dict.fromkeys(("manual", "automatic", "marketing"), set(recipients))
        gate = self.env["privacy.gate"]
        refused = gate._mail_refusals(asked)
        self.assertEqual(
            gate._channel_refusals(asked).items() & refused.items(), refused.items()
        )
        return set(refused)

    def test_of_every_class_and_channel_but_by_hand(self):
        address = "ann@canary.example"
        both = {("automatic", address), ("marketing", address)}
        self.assertEqual(self.refusals(address), both)
        self.set_policy("warn")
        self.assertFalse(self.refusals(address))
        self.set_policy("refuse")
        self.assertEqual(self.refusals(address), both)
        self.suppression.search([]).action_release()
        self.assertFalse(self.refusals(address))

    def test_two_queries_for_mail_to_any_number(self):
        gate = self.env["privacy.gate"]
        self.refusals("ann@canary.example")
        for count in (1, 100):
            asked = {f"n{i}@example.com" for i in range(count)} | {"ann@canary.example"}
            with self.assertQueryCount(2):
                refused = gate._mail_refusals({"automatic": asked})
            self.assertEqual(refused, {("automatic", "ann@canary.example"): "stopped"})

    def test_one_query_for_any_number(self):
        def queries(number):
            terms = [("email", f"n{i}@example.com") for i in range(number)]
            before = self.env.cr.sql_log_count
            self.suppression._suppressed(terms)
            return self.env.cr.sql_log_count - before

        queries(1)  # the company of the user is known then
        self.assertEqual(queries(1), 1)
        self.assertEqual(queries(50), 1)
