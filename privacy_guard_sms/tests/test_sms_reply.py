import hmac
import importlib
import json
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import odoo.addons
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .sms_common import NUMBERS, SmsGateCommon

NUMBER = NUMBERS["active"]
OFFICER = "privacy_guard.group_privacy_officer"
EXAMPLES = Path(__file__).parents[2] / "tests" / "data"
MONDAY = datetime(2026, 11, 30, 9)


@tagged("post_install", "-at_install")
class TestSmsReply(SmsGateCommon, HttpCase):
    """SMS-1: what people send back. A word is a no, and what may be one holds
    marketing back until an officer has read it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.make_user("officer", OFFICER)
        cls.env.company.privacy_officer_id = cls.officer
        cls.offers = cls.make_purpose(name="Offers", covers_sms=True)
        cls.news = cls.make_purpose(name="News", covers_email=True)
        cls.ann = cls.people["active"]
        cls.twin = cls.make_contact("Ann Twin", phone="0470 11 00 01")
        cls.both = cls.ann | cls.twin
        cls.both._consent_sync()
        granted = {cls.offers.id: "granted", cls.news.id: "granted"}
        cls.both._consent_record_answers(granted, source="preferences")

    def receive(self, text, number=NUMBER, **how):
        reply = self.env["privacy.sms.reply"]._receive(number, text, **how)
        self.env.flush_all()
        return reply

    def confirmations(self):
        return self.env["sms.sms"].search([("number", "=", NUMBER)])

    def refusals(self):
        asked = {"marketing": {NUMBER}, "automatic": {NUMBER}}
        return self.env["privacy.gate"]._sms_refusals(asked)

    def test_a_word_is_a_no_of_everybody_with_the_number(self):
        reply = self.receive(" Stop! ", "+32 470 11 00 01", reference="p 1")
        self.assertEqual((reply.state, reply.number), ("refused", NUMBER))
        for person in self.both:
            self.assertEqual(self.value(person, self.offers), "refused")
            self.assertEqual(self.value(person, self.news), "granted")
            event = self.events(person, self.offers)[-1]
            self.assertEqual((event.source, event.user_id.id), ("sms", False))
            self.assertTrue(event.evidence_hash)
        self.assertEqual([*self.refusals()], [("marketing", NUMBER)])

    def test_who_says_no_is_told_so_once(self):
        reply = self.receive("STOP", reference="p 1")
        told = self.confirmations()
        self.assertEqual((told.state, told.privacy_class), ("outgoing", "mandatory"))
        self.assertIn(self.env.company.name, told.body)
        events = self.events(self.ann, self.offers)
        self.assertEqual(self.receive("STOP", reference="p 1"), reply)
        self.receive("Stop", reference="p 2")
        # whatever else a provider hands over
        self.receive("Stop\0\ud83d", reference=3)
        self.assertEqual(self.confirmations(), told)
        self.assertEqual(self.events(self.ann, self.offers), events)

    def test_a_stranger_causes_nothing_but_a_no(self):
        """However many there are; who is not known is told nothing."""
        numbers = [f"+3247022{number:04}" for number in range(8)]
        for number in numbers:
            self.receive("stop", number)
        found = self.env["privacy.gate"]._blacklisted_numbers(set(numbers))
        self.assertEqual(found, set(numbers))
        self.assertFalse(self.env["sms.sms"].search([("number", "in", numbers)]))
        self.receive("stop")
        for text in ("START", "yes", "UNSTOP"):
            self.receive(text)
        self.assertEqual(self.value(self.ann, self.offers), "refused")
        self.assertTrue(self.refusals())

    def test_who_has_stopped_processing_is_told_too(self):
        self.ann._privacy_set_status("stopped", "test")
        self.receive("STOP")
        self.assertEqual(self.confirmations().state, "outgoing")
        self.assertEqual(self.value(self.ann, self.offers), "refused")

    def test_words_of_all_languages(self):
        words = self.env["privacy.sms.word"]
        for text in (
            *("STOP", "stop.", "Stop all", "«Arrêt»", "ARRET", "abmelden\n", "διακοπη"),
            *("iptal", "İPTAL", "停止", "إيقاف", "Opt-out", "zrusit", "ВІДПИСАТИСЯ"),
        ):
            self.assertTrue(words._means_stop(text), text)
        for text in ("Stop by tomorrow?", "Start", "stopstop", "...", "", None):
            self.assertFalse(words._means_stop(text), text)

    def test_officers_keep_the_list(self):
        words = self.env["privacy.sms.word"].with_user(self.officer)
        german = self.env.ref("base.lang_de").id
        words.create({"name": "Lasst mich", "lang_id": german})
        self.assertTrue(words._means_stop("lasst mich!"))
        with self.assertRaises(ValidationError):
            words.create({"name": "?!", "lang_id": german})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            words.create({"name": "lasst-mich", "lang_id": german})
        common = self.env.ref("privacy_guard_sms.privacy_sms_word_common_1")
        for change in (common.unlink, lambda: common.write({"name": "GO"})):
            with self.assertRaises(UserError):
                change()
        with self.assertRaises(AccessError):
            words.with_user(self.clerk).create({"name": "Nein", "lang_id": german})

    # In doubt

    @freeze_time(MONDAY)
    def test_in_doubt_it_stops_and_an_officer_looks(self):
        reply = self.receive("Please do not write any more")
        self.assertEqual((reply.state, reply.deadline), ("doubt", date(2026, 12, 14)))
        self.assertEqual([*self.refusals()], [("marketing", NUMBER)])
        self.assertEqual(self.value(self.ann, self.offers), "granted")
        self.assertFalse(self.confirmations())
        second = self.receive(None)
        activity = (reply | second).activity_ids
        self.assertEqual(activity.user_id, self.officer)
        self.assertEqual(activity.date_deadline, reply.deadline)
        self.assertNotIn(NUMBER, activity.res_name)

    def test_an_officer_says_that_it_is_none(self):
        replies = self.receive("Thank you") | self.receive("Great")
        with self.assertRaises(AccessError):
            replies[0].with_user(self.clerk).action_dismiss()
        replies[0].with_user(self.officer).action_dismiss()
        self.assertEqual(replies.mapped("state"), ["harmless"] * 2)
        self.assertEqual(replies.user_id, self.officer)
        self.assertFalse(replies.activity_ids)
        self.assertFalse(self.refusals())
        self.assertEqual(self.value(self.ann, self.offers), "granted")

    def test_an_officer_says_that_it_is_a_no(self):
        replies = self.receive("Enough") | self.receive("No more!")
        with self.assertRaises(AccessError):
            replies.with_user(self.clerk).action_refuse()
        replies.with_user(self.officer).action_refuse()
        self.assertEqual(set(replies.mapped("state")), {"refused"})
        event = self.events(self.ann, self.offers)[-1]
        self.assertEqual((event.source, event.user_id), ("sms", self.officer))
        self.assertEqual(len(self.confirmations()), 1)
        events = self.events(self.ann, self.offers)
        replies.with_user(self.officer).action_refuse()
        self.assertEqual(self.events(self.ann, self.offers), events)

    def test_a_word_after_the_doubt_decides(self):
        reply = self.receive("Who is this?")
        self.receive("STOP")
        self.assertEqual((reply.state, len(reply.activity_ids)), ("refused", 0))
        reply.with_user(self.officer).action_dismiss()
        self.assertEqual(reply.state, "refused")
        self.assertTrue(self.refusals())

    # What it is

    def test_a_reference_that_was_seen_before_loses_no_refusal(self):
        """The same is what has the same number and text."""
        first = self.receive("Pizza", NUMBERS["stopped"], reference="1")
        self.assertEqual(
            self.receive("Pizza", NUMBERS["stopped"], reference="1"), first
        )
        other = self.receive("Pizza", reference="1")
        no = self.receive("STOP", reference="1")
        self.assertEqual(len(first | other | no), 3)
        self.assertEqual(self.value(self.ann, self.offers), "refused")
        self.assertEqual(self.receive("STOP", reference="1"), no)
        self.assertEqual(
            self.receive(None, reference="2"), self.receive("", reference="2")
        )

    def test_rows_are_nobodys_to_change(self):
        reply = self.receive("Hello")
        for change in (
            lambda: reply.write({"state": "harmless"}),
            reply.unlink,
            lambda: reply.create({"number": NUMBER}),
        ):
            with self.assertRaises(UserError):
                change()
        with self.assertRaises(AccessError):
            reply.with_user(self.clerk).check_access("read")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        theirs = {"company_id": elsewhere.id, "company_ids": elsewhere.ids}
        other = self.make_user("other", OFFICER, email="other@example.com", **theirs)
        for decide in ("action_refuse", "action_dismiss"):
            with self.assertRaises(AccessError):
                getattr(reply.with_user(other), decide)()

    def test_no_number_is_an_answer_for_the_provider(self):
        for number in ("Pizza", "", None, "12"):
            with self.assertRaises(UserError):
                self.receive("STOP", number)

    def test_what_somebody_sent_back_is_in_the_copy(self):
        reply = self.receive("Hello")
        sources = self.env["privacy.export.content"].sudo()._sources([self.ann])
        [domain] = [s.domain for s in sources if s.model == reply._name]
        self.assertEqual(self.env[reply._name].search(domain), reply)

    # The example of the documents

    def test_a_provider_posts_it(self):
        self.install_example()
        self.env["ir.config_parameter"].set_param("sms_webhook.secret", "secret")
        message = {"id": 1, "from": NUMBER, "text": "STOP"}
        for key, number, status in (
            ("wrong", NUMBER, 403),
            ("secret", "Pizza", 400),
            ("secret", NUMBER, 200),
            ("secret", NUMBER, 200),
        ):
            self.assertEqual(self.post({**message, "from": number}, key), status)
        self.env.invalidate_all()
        self.assertEqual(self.value(self.ann, self.offers), "refused")
        self.assertEqual(len(self.confirmations()), 1)

    def post(self, message, key):
        data = json.dumps(message)
        signature = hmac.new(key.encode(), data.encode(), sha256).hexdigest()
        headers = {"X-Signature": signature, "Content-Type": "application/json"}
        path = "/sms_webhook/received"
        return self.url_open(path, data=data, headers=headers).status_code

    def install_example(self):
        """Its routes, as if it were installed."""
        paths = [*odoo.addons.__path__, str(EXAMPLES)]
        self.enterContext(patch.object(odoo.addons, "__path__", paths))
        importlib.import_module("odoo.addons.sms_webhook")
        modules = {*self.registry._init_modules, "sms_webhook"}
        self.enterContext(patch.object(self.registry, "_init_modules", modules))
        self.addCleanup(self.env.registry.clear_cache, "routing")
        self.env.registry.clear_cache("routing")
