import itertools
import re
from unittest.mock import patch
from urllib.parse import urlsplit

from dateutil.relativedelta import relativedelta
from lxml import html
from odoo import Command, fields
from odoo.tests import HttpCase, tagged
from odoo.tools import format_date, mute_logger

from odoo.addons.privacy_guard.models.subject.consent_subject_mixin_proof import (
    ConsentSubjectMixin,
)
from odoo.addons.privacy_guard.tests.page.preferences_common import BODIES

from .mailing_common import MailingCommon


@tagged("post_install", "-at_install")
class TestUnsubscribe(MailingCommon, HttpCase):
    """Odoo's own pages withdraw the consent; opening a link withdraws nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.list = cls.make_list(
            cls, cls.willing.email, privacy_purpose_id=cls.purpose.id
        )
        cls.member = cls.list.contact_ids
        cls.mailing = cls.make_mailing(cls, cls.list)
        cls.url = cls.mailing._get_unsubscribe_url(cls.willing.email, cls.member.id)
        cls.one_click = cls.mailing._get_unsubscribe_oneclick_url(
            cls.willing.email, cls.member.id
        )
        cls.direct = cls.url.replace("/confirm_unsubscribe", "/unsubscribe")

    def assertWithdrawn(self, withdrawn):
        self.env.invalidate_all()
        value = "refused" if withdrawn else "granted"
        self.assertEqual(self.value(self.willing, self.purpose), value)
        self.assertEqual(self.member.subscription_ids.opt_out, withdrawn)

    def test_get_and_head_change_nothing(self):
        for url in (self.url, self.direct):
            self.assertEqual(self.url_open(url).status_code, 200)
            self.assertEqual(self.url_open(url, method="HEAD").status_code, 200)
            self.assertWithdrawn(False)

    def test_while_consents_are_off_the_page_is_as_odoo_has_it(self):
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", False)
        self.assertEqual(self.url_open(self.direct).status_code, 200)
        self.assertTrue(self.member.subscription_ids.opt_out)

    def test_one_click_withdraws_whatever_the_body(self):
        for kind, body in BODIES.items():
            with self.subTest(kind):
                self.answer(self.willing, self.purpose, "granted")
                self.member.subscription_ids.opt_out = False
                response = self.opener.post(self.one_click, **body)
                self.assertEqual(response.status_code, 200)
                self.assertWithdrawn(True)

    def test_one_click_withdraws(self):
        response = self.url_open(self.one_click, data={"List-Unsubscribe": "One-Click"})
        self.assertEqual(response.status_code, 200)
        self.assertWithdrawn(True)
        event = self.events(self.willing, self.purpose)[-1]
        self.assertEqual((event.value_to, event.source), ("refused", "one_click"))
        # there is nothing to confirm any more
        self.assertNotIn("Are you sure", self.url_open(self.direct).text)

    def test_wrong_token_withdraws_nothing(self):
        response = self.url_open(
            self.one_click.replace("hash_token=", "hash_token=0"), data={"a": "b"}
        )
        self.assertEqual(response.status_code, 401)
        self.assertWithdrawn(False)

    def test_leaving_a_list_withdraws(self):
        token = self.mailing._generate_mailing_recipient_token(
            self.member.id, self.willing.email
        )
        self.make_jsonrpc_request(
            "/mailing/list/update",
            {
                "mailing_id": self.mailing.id,
                "document_id": self.member.id,
                "email": self.willing.email,
                "hash_token": token,
                "lists_optin_ids": [],
            },
        )
        self.assertWithdrawn(True)

    @mute_logger("odoo.http")
    def test_values_of_another_type_are_refused(self):
        """As core says it, before anything breaks."""
        sent = {
            "mailing_id": self.mailing.id,
            "document_id": self.member.id,
            "email": self.willing.email,
            "hash_token": "x",
        }
        for route in ("/mailing/list/update", "/mailing/blocklist/add"):
            for name, odd in itertools.product(sent, ({"x": 1}, ["x"], True)):
                with self.subTest(route=route, name=name, odd=odd):
                    answer = self.make_jsonrpc_request(route, {**sent, name: odd})
                    self.assertEqual(answer, "error")
        for odd in ({"x": 1}, ["x"], True, 5):
            answer = self.make_jsonrpc_request(
                "/mailing/list/update", {**sent, "lists_optin_ids": odd}
            )
            self.assertEqual(answer, "error")
        self.assertWithdrawn(False)

    def test_mailing_to_contacts_withdraws(self):
        mailing = self.make_mailing(self.willing)
        url = mailing._get_unsubscribe_oneclick_url(self.willing.email, self.willing.id)
        self.url_open(url, data={"List-Unsubscribe": "One-Click"})
        self.assertWithdrawn(True)

    def test_rte1_no_body_takes_the_no_from_the_link(self):
        """What is posted repeats the link, or is nothing that can be stored."""
        repeated = {"email": "eve@example.com", "hash_token": "x", "document_id": "x"}
        for body in (repeated, {"x": "\0"}, {"mailing_id": "9"}):
            self.answer(self.willing, self.purpose, "granted")
            answer = self.url_open(self.one_click, data=body)
            self.assertEqual(answer.status_code, 200)
            self.assertWithdrawn(True)
            self.member.subscription_ids.opt_out = False

    def test_withdrawing_on_our_page_leaves_the_lists(self):
        self.answer(self.willing, self.purpose, "refused")
        self.assertWithdrawn(True)

    def test_any_other_refusal_leaves_the_lists(self):
        """Imports and merges change consents without recording an answer."""
        row = (self.purpose.id, "res.partner", self.willing.id, "answer", "refused")
        self.env["consent.record"]._apply_changes(
            self.willing._consent_rows_sql([(*row, None, None)]), source="import"
        )
        self.assertWithdrawn(True)

    # ------------------------------------------------------------------
    # Less instead of none (PRF-1)
    # ------------------------------------------------------------------

    def open_page(self):
        url = urlsplit(self.willing._privacy_preferences_url()).path
        return self.page_of(self.url_open(url))

    def page_of(self, response):
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.content)

    def save_page(self, page, status=200, **choices):
        data = dict(page.xpath("//main//form[@method='post']")[0].form_values())
        data |= {f"{name}_{self.purpose.id}": v for name, v in choices.items()}
        response = self.url_open("/privacy/preferences", data=data)
        self.assertEqual(response.status_code, status)
        self.env.invalidate_all()
        return re.sub(r"\s+", " ", html.fromstring(response.content).text_content())

    def preference(self):
        return self.env["consent.preference"]._of("res.partner", self.willing.ids)

    def test_prf1_choosing_on_the_page(self):
        now = fields.Datetime.now()
        said = self.save_page(self.open_page(), pause="3", most="once_week")
        row = self.preference()
        self.assertGreaterEqual(row.paused_until, now + relativedelta(months=3))
        until = format_date(self.env, row.paused_until, date_format="long")
        self.assertIn(f"Pause: Until {until} · At most: Once a week", said)
        event = self.events(self.willing, self.purpose)[-1]
        self.assertEqual(
            (event.kind, event.value_to, event.source),
            ("prefer", "granted", "preferences"),
        )
        self.assertIn(str(row.paused_until), event.evidence_ids.note)
        # what holds comes first, and is no choice; the answer stands as before
        page = self.open_page()
        posted = page.xpath("//main//form[@method='post']")[0].form_values()
        self.assertEqual(dict(posted)[f"answer_{self.purpose.id}"], "left")
        said = self.save_page(page)
        self.assertIn("Nothing was saved", said)
        self.assertEqual(self.events(self.willing, self.purpose)[-1], event)
        self.save_page(self.open_page(), pause="none", most="none")
        self.assertFalse(self.preference())

    def test_prf1_odd_posts(self):
        for choices in ({"pause": "x"}, {"most": "3"}, {"pause": "once_week"}):
            with self.subTest(choices):
                self.save_page(self.open_page(), status=400, **choices)
                self.assertFalse(self.preference())

    def test_prf1_who_may_not_grant_may_only_narrow(self):
        self.save_page(self.open_page(), most="once_week")
        with patch.object(
            ConsentSubjectMixin, "_privacy_proven", lambda people: people.browse()
        ):
            self.save_page(self.open_page(), status=403, most="none")
            self.assertEqual(self.preference().most, "once_week")
            self.save_page(self.open_page(), status=200, most="once_month")
        self.assertEqual(self.preference().most, "once_month")
        posts = type(self.env["privacy.page.post"])
        with patch.object(posts, "_may_pass", return_value=False):
            self.save_page(self.open_page(), status=429, most="none", pause="1")
        self.assertEqual(self.preference().most, "once_month")
        self.assertTrue(self.preference().paused_until)

    def make_topics(self):
        """:return: two public lists of the consent, of which the person is on one"""
        on, off = (
            self.make_list(*people, privacy_purpose_id=self.purpose.id, is_public=True)
            for people in ([self.willing.email], [])
        )
        on.name, off.name = "Garden", "Tools"
        return on, off

    def on_lists(self, *lists):
        self.env.invalidate_all()
        rows = self.env["mailing.subscription"].search(
            [("contact_id.email_normalized", "=", self.willing.email)]
        )
        present = rows.filtered(lambda row: not row.opt_out).list_id
        return [one in present for one in lists]

    def test_prf2_topics_are_left_and_joined_on_the_page(self):
        """PRF-2: topics are the public lists of a consent."""
        garden, tools = self.make_topics()
        names = f"topic-{garden.id}", f"topic-{tools.id}"
        said = self.save_page(self.open_page(), **{names[0]: "no"})
        self.assertIn("Garden: No · Tools: No", said)
        self.assertEqual(self.on_lists(garden, tools, self.list), [False, False, True])
        event = self.events(self.willing, self.purpose)[-1]
        self.assertEqual((event.kind, event.value_to), ("prefer", "granted"))
        self.assertIn("Topics left: Garden", event.evidence_ids.note)
        self.save_page(self.open_page(), **dict.fromkeys(names, "yes"))
        self.assertEqual(self.on_lists(garden, tools), [True, True])
        for choices in ({names[0]: "once_week"}, {"topic-0": "yes"}, {"topic": "yes"}):
            self.save_page(self.open_page(), status=400, **choices)
        # one alone is not offered, and left all the same by who was shown it before
        tools.is_public = False
        self.save_page(self.open_page(), status=400, **{names[0]: "yes"})
        self.save_page(self.open_page(), **{names[0]: "no"})
        self.assertEqual(self.on_lists(garden, tools), [False, True])

    def test_prf2_joining_takes_what_a_yes_takes(self):
        garden, tools = self.make_topics()
        choices = {f"topic-{garden.id}": "no", f"topic-{tools.id}": "yes"}
        with patch.object(
            ConsentSubjectMixin, "_privacy_proven", lambda people: people.browse()
        ):
            self.save_page(self.open_page(), status=403, **choices)
        self.assertEqual(self.on_lists(garden, tools), [False, False])
        # nor is a list joined by who refuses, or has come by a login
        self.save_page(self.open_page(), answer="no", **choices)
        self.assertEqual(self.on_lists(garden, tools), [False, False])
        self.answer(self.willing, self.purpose, "granted")
        page = self.env["privacy.preferences.page"]
        wishes = {self.purpose.id: {f"topic-{tools.id}": True}}
        how = {"source": "portal", "user_id": self.env.uid}
        self.assertFalse(page._save_less([self.willing], wishes, **how))
        self.assertEqual(self.on_lists(garden, tools), [False, False])
        self.willing._privacy_set_status("stopped", "test")
        how = {"source": "preferences", "by_address": True}
        self.assertFalse(page._save_less([self.willing], wishes, **how))

    def test_prf1_odoos_own_page_leads_to_the_offer(self):
        for url in (self.url, self.direct):
            before = self.page_of(self.url_open(url))
            self.assertFalse(before.xpath("//a[@name='privacy_less']"))
        self.url_open(self.one_click, data={"List-Unsubscribe": "One-Click"})
        after = self.page_of(self.url_open(self.direct))
        [link] = after.xpath("//a[@name='privacy_less']/@href")
        page = self.page_of(self.url_open(urlsplit(link).path))
        self.assertIn("Send me the link", page.text_content())

    def test_prf1_who_has_left_is_offered_less_and_never_before(self):
        url = urlsplit(self.willing._privacy_one_click_url(self.purpose)).path
        before = self.page_of(self.url_open(url))
        self.assertNotIn("Rather less", before.text_content())
        mails = self.env["mail.mail"]
        count = mails.search_count([])
        # what comes from no page sends nothing, and grants nothing
        self.assertEqual(self.url_open(url, data={"less": "1"}).status_code, 400)
        self.assertEqual(self.value(self.willing, self.purpose), "granted")
        after = self.page_of(self.url_open(url, data={"from": "page"}))
        self.assertIn("Rather less instead?", after.text_content())
        data = {**dict(after.forms[0].form_values()), "less": "1"}
        sent = self.page_of(self.url_open(url, data=data))
        self.assertIn("The link is on its way", sent.text_content())
        self.env.invalidate_all()
        self.assertEqual(self.value(self.willing, self.purpose), "refused")
        self.assertEqual(mails.search_count([]), count + 1)
        mail = mails.search([], limit=1)
        self.assertIn("/privacy/personal-link", mail.body_html)
        # nothing was saved
        self.assertEqual(mail.subject, "Rather less instead?")
        self.assertNotIn("have been saved", mail.body_html)
        # whoever was passed on a mail causes few of these, and uses up nothing
        counted = self.env["privacy.page.post"].search_count([])
        pages = [self.page_of(self.url_open(url, data=data)) for _ in range(6)]
        self.assertNotIn("on its way", pages[-1].text_content())
        self.assertEqual(mails.search_count([]), count + 5)
        self.assertEqual(self.env["privacy.page.post"].search_count([]), counted)

    # ------------------------------------------------------------------
    # IDN-6: an old or forwarded mailing says less, and never more
    # ------------------------------------------------------------------

    def old_link(self, **values):
        token = self.mailing._generate_mailing_recipient_token(
            self.member.id, self.willing.email
        )
        return {
            "mailing_id": self.mailing.id,
            "document_id": self.member.id,
            "email": self.willing.email,
            "hash_token": token,
            **values,
        }

    def test_idn6_an_old_link_brings_nobody_back(self):
        public = self.env["mailing.list"].create({"name": "All", "is_public": True})
        self.url_open(self.one_click, data={"List-Unsubscribe": "One-Click"})
        blocked = self.env["mail.blacklist"]._add(self.willing.email)
        optin = [self.list.id, public.id]
        answer = self.make_jsonrpc_request(
            "/mailing/list/update", self.old_link(lists_optin_ids=optin)
        )
        # with an add-on that mails the link, the visitor is told so; the page shows
        # them on no further list in any case
        told = {"privacy_told": answer["privacy_told"]}
        self.assertEqual(answer, {"result": 0, **told})
        answer = self.make_jsonrpc_request("/mailing/blocklist/remove", self.old_link())
        has_mailed = told["privacy_told"]
        self.assertEqual(answer, {"result": "asked", **told} if has_mailed else "error")
        self.assertWithdrawn(True)
        self.assertEqual(self.member.subscription_ids.list_id, self.list)
        self.assertTrue(blocked.active)

    def test_idn6_who_stays_on_a_list_comes_back_to_no_other(self):
        """By the same link, with one list to stay on and one that was left."""
        left = self.env["mailing.list"].create({"name": "Left", "is_public": True})
        self.member.subscription_ids = [
            Command.create({"list_id": left.id, "opt_out": True})
        ]
        link = self.old_link(lists_optin_ids=[self.list.id, left.id])
        self.make_jsonrpc_request("/mailing/list/update", link)
        self.env.invalidate_all()
        opt_outs = {s.list_id: s.opt_out for s in self.member.subscription_ids}
        self.assertEqual(opt_outs, {self.list: False, left: True})

    def test_stp1_of_who_has_stopped_nothing_is_noted(self):
        reason = self.env["mailing.subscription.optout"].search([], limit=1)
        values = {"opt_out_reason_id": reason.id, "feedback": "Too much"}
        values["last_action"] = "subscription_updated"
        link = self.old_link(**values)
        self.make_jsonrpc_request("/mailing/feedback", link)
        self.assertIn("Too much", str(self.member.message_ids.mapped("body")))
        self.willing._privacy_set_status("stopped", "test")
        link["feedback"] = "Much too much"
        self.assertIs(self.make_jsonrpc_request("/mailing/feedback", link), True)
        self.env.invalidate_all()
        self.assertNotIn("Much too", str(self.member.message_ids.mapped("body")))

    @mute_logger("odoo.http")
    def test_any_other_text_is_a_wrong_token(self):
        """Whatever it is, nothing breaks."""
        odd = {
            "hash_token": ("é", 5, ["a"]),
            "document_id": ("x", ["a"]),
            "mailing_id": ("x",),
            "email": (["a"],),
        }
        refused = ("error", "unauthorized")
        for path in ("list/update", "blocklist/add", "blocklist/remove", "feedback"):
            for name, values in odd.items():
                for value in values:
                    with self.subTest(path=path, name=name, value=value):
                        link = self.old_link(**{name: value}, opt_out_reason_id=1)
                        answer = self.make_jsonrpc_request(f"/mailing/{path}", link)
                        self.assertIn(answer, refused)
        url = (
            f"/mailing/{self.mailing.id}/%s?document_id=%s&email=a%%40b.c&hash_token=%s"
        )
        for path in ("unsubscribe", "confirm_unsubscribe", "view"):
            for document_id, token in ((self.member.id, "é"), ("x", "a")):
                answer = self.url_open(url % (path, document_id, token))
                self.assertEqual(answer.status_code, 401, path)
        self.assertEqual(self.url_open("/mail/track/1/é/blank.gif").status_code, 401)
        self.assertWithdrawn(False)
