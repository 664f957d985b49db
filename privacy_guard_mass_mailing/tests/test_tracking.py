import re
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from .mailing_common import MailingCommon


class TrackingCommon(MailingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tracking = cls.env.ref("privacy_guard.consent_purpose_tracking_email")
        cls.tracking._publish()
        cls.tracking.active = True
        cls.everyone._consent_sync()
        cls.willing._consent_record_answers(
            {cls.tracking.id: "granted"}, source="preferences"
        )
        cls.shy = cls.make_contact("Shirley Shy")
        cls.shy._consent_record_answers(
            {cls.purpose.id: "granted", cls.tracking.id: "refused"},
            source="preferences",
        )


@tagged("post_install", "-at_install")
class TestTracking(TrackingCommon):
    """No pixel, original links, nothing recorded; what was recorded goes."""

    def test_refused_leaves_untracked(self):
        self.send(self.make_mailing(self.willing | self.shy))
        tracked, plain = self.body_to(self.willing), self.body_to(self.shy)
        self.assertIn("/mail/track/", tracked)
        self.assertIn("/r/", tracked)
        self.assertNotIn("/mail/track/", plain)
        self.assertNotIn("/r/", plain)
        self.assertIn('href="https://example.com/offer"', plain)

    def planted(self, *addresses, **values):
        """:return: a mailing to who refused, with these addresses in its text"""
        body = "".join(
            f"""<p><a href="{address}">x</a> <img src="{address}"/></p>
            <p style="background: url('{address}')">{address}</p>"""
            for address in addresses
        )
        return self.make_mailing(self.shy, body_html=body, **values)

    def test_no_spelling_of_a_short_link_tracks_who_refused(self):
        """Written by hand, under another name, of another mailing, one in another."""
        links = self.env["link.tracker"]
        typed = "https://example.com/own"
        link = links.create({"url": typed, "title": "Own"})
        link.code = "my-own"
        host = link.get_base_url()
        outer = links.create({"url": f"{host}/r/my-own", "title": "In another"})
        other = self.make_mailing(self.willing)
        counted = other._privacy_link_url(link.id)
        own = self.env["mail.mail"].create({"email_to": "x@example.com"})
        mailing = self.planted(
            f"{host}/r/my-own?x=1",
            f"{host}/r/my-ow%6e",
            "//elsewhere.example:8069/fr/r/my-own/m/77#x",
            outer.short_url,
            counted,
        )
        pictures = self.planted(other._privacy_pixel_url(), own._get_tracking_url())
        nowhere = self.planted(f"{host}/r/unknown-code?x=(1)")
        bodies = []
        for one in (mailing, pictures, nowhere):
            self.send(one)
            bodies.append(self.body_to(self.shy))
        for body in bodies:
            for part in ("my-ow", "/mailing/c/", "/mail/track/", outer.code, "/m/"):
                self.assertNotIn(part, body)
        self.assertEqual(bodies[0].count(f'href="{typed}"'), 5)
        self.assertIn("/r/unknown-code", bodies[2])

    def test_links_that_were_made_for_each_are_counted_as_one(self):
        """Several that lead to where all are led would tell who followed which."""
        newcomers = self.make_contact("Nora New") | self.make_contact("Nick New")
        self.answer(newcomers, self.purpose, "granted")
        mailing = self.make_mailing(newcomers)
        values = {"url": "https://example.com/offer", "mass_mailing_id": mailing.id}
        links = self.env["link.tracker"].create(
            [
                {**values, "title": "Offer", "label": f"of {person.id}"}
                for person in newcomers
            ]
        )
        codes = dict(zip(newcomers.ids, links.mapped("code"), strict=True))
        planted = f"""<a t-att-href="'/r/' + {codes}[object.id]">x</a>"""
        mailing.body_html = f"{mailing.body_html}<p>{planted}</p>"
        self.send(mailing)
        counted = [
            sorted(set(re.findall(r"/mailing/c/[^\"]+", self.body_to(person))))
            for person in newcomers
        ]
        # the picture, the button that was written, and one for all that were made
        self.assertEqual(len(counted[0]), 3)
        self.assertEqual(*counted)

    def test_unanswered_leaves_untracked(self):
        newcomer = self.make_contact("Nora New")
        self.answer(newcomer, self.purpose, "granted")
        self.send(self.make_mailing(newcomer))
        self.assertNotIn("/mail/track/", self.body_to(newcomer))
        self.assertNotIn("/r/", self.body_to(newcomer))

    def test_who_is_never_asked_leaves_untracked(self):
        """Those whom the consent could not be about need not be asked: companies."""
        self.purpose.for_mailing_contacts = True
        member = self.make_list("mia@example.com").contact_ids
        member._consent_record_answers(
            {self.purpose.id: "granted"}, source="preferences"
        )
        mailing = self.make_mailing(member.list_ids)
        self.send(mailing)
        self.assertNotIn("/mail/track/", self.body_to(member))
        gate = self.env["privacy.gate"]
        firm = self.make_contact("The Firm", is_company=True)
        both = {member.email, firm.email}
        self.assertEqual(gate._untracked(both), {member.email})
        self.tracking.for_mailing_contacts = True
        member._consent_sync()
        self.assertEqual(gate._untracked(both), {member.email})
        member._consent_record_answers(
            {self.tracking.id: "granted"}, source="preferences"
        )
        self.assertFalse(gate._untracked(both))

    def test_queries_of_original_links_do_not_grow(self):
        """One for a portion of mails, whoever they go to."""
        codes = self.env["link.tracker.code"]
        people = self.shy
        for name in ("Shane Shy", "Shelly Shy", "Shawn Shy"):
            people |= self.make_contact(name)
        answers = {self.purpose.id: "granted", self.tracking.id: "refused"}
        people._consent_record_answers(answers, source="preferences")
        for recipients in (self.shy, people):
            asked = []
            search = type(codes).search

            def counted(model, domain, *args, asked=asked, search=search, **kwargs):
                asked.append(domain)
                return search(model, domain, *args, **kwargs)

            mailing = self.make_mailing(recipients)
            with self.mock_mail_gateway(mail_unlink_sent=False):
                mailing.action_send_mail()
                mails = self.env["mail.mail"].search([("mailing_id", "=", mailing.id)])
                with patch.object(type(codes), "search", counted):
                    mails.send()
            self.assertEqual(len(self._mails), len(recipients))
            self.assertIn('href="https://example.com/offer"', self.body_to(self.shy))
            self.assertEqual(len(asked), 1)

    def test_switched_off_tracks_as_odoo_does(self):
        self.tracking.active = False
        self.send(self.make_mailing(self.shy))
        self.assertIn("/mail/track/", self.body_to(self.shy))

    def test_strict_setting(self):
        self.env["ir.config_parameter"].set_param(
            "privacy_guard.mail_needs_tracking_consent", "True"
        )
        mailing = self.make_mailing(self.willing | self.shy)
        self.send(mailing)
        self.assertEqual(self.trace(mailing, self.willing).trace_status, "sent")
        trace = self.trace(mailing, self.shy)
        self.assertEqual(trace.failure_type, "privacy_no_marketing_consent")

    def test_withdrawing_scrubs_and_totals_stay(self):
        mailing = self.make_mailing(self.willing)
        self.send(mailing)
        trace = self.trace(mailing, self.willing)
        code = self.env["link.tracker.code"].search(
            [("link_id.mass_mailing_id", "=", mailing.id)]
        )
        self.env["link.tracker.click"].add_click(
            code.code, ip="192.0.2.1", country_code="BE", mailing_trace_id=trace.id
        )
        self.env.flush_all()
        mailing.invalidate_recordset()
        before = mailing.read(["opened", "clicked", "opened_ratio", "clicks_ratio"])
        click = trace.links_click_ids
        self.assertEqual((mailing.opened, mailing.clicked), (1, 1))
        self.answer(self.willing, self.tracking, "refused")
        self.assertFalse(trace.links_click_ids)
        self.assertEqual(trace.trace_status, "sent")
        self.assertFalse(trace.open_datetime or trace.links_click_datetime)
        self.assertTrue(click.exists())
        self.assertFalse(click.ip or click.country_id)
        after = mailing.read(["opened", "clicked", "opened_ratio", "clicks_ratio"])
        self.assertEqual(before, after)

    def test_traces_without_address(self):
        """Those of text messages name the person only."""
        traces = self.env["mailing.trace"].create(
            [
                {"model": "res.partner", "res_id": person.id, "trace_status": "sent"}
                for person in (self.willing, self.shy)
            ]
        )
        traces.set_opened()
        self.assertEqual(traces.mapped("trace_status"), ["open", "sent"])
        self.answer(self.willing, self.tracking, "refused")
        self.assertEqual(traces.mapped("trace_status"), ["sent", "sent"])


@tagged("post_install", "-at_install")
class TestHits(TrackingCommon, HttpCase):
    """Hits on mails delivered before are answered and recorded nowhere."""

    def hit(self, person):
        mailing = self.make_mailing(person)
        self.send(mailing)
        trace = self.trace(mailing, person)
        return mailing, trace

    def test_who_comes_without_a_trace_is_nobody(self):
        """A click counts; where it came from is no business of ours."""
        mailing = self.make_mailing(self.willing)
        self.send(mailing)
        link = self.env["link.tracker"].search([("mass_mailing_id", "=", mailing.id)])
        self.url_open(f"/r/{link.code}", allow_redirects=False)
        click = link.link_click_ids
        self.assertEqual(len(click), 1)
        self.assertFalse(click.ip or click.country_id or click.mailing_trace_id)
        self.tracking.active = False
        self.url_open(f"/r/{link.code}", allow_redirects=False)
        self.assertTrue((link.link_click_ids - click).ip)

    def test_pixel_and_link(self):
        for person, recorded in ((self.willing, True), (self.shy, False)):
            with self.subTest(person=person.name):
                mailing, trace = self.hit(person)
                code = self.env["link.tracker.code"].search(
                    [("link_id.mass_mailing_id", "=", mailing.id)]
                )
                mails = self.env["mail.mail"]
                token = mails._generate_mail_recipient_token(trace.mail_mail_id_int)
                url = f"/mail/track/{trace.mail_mail_id_int}/{token}/blank.gif"
                self.assertEqual(self.url_open(url).status_code, 200)
                response = self.url_open(
                    f"/r/{code.code}/m/{trace.id}", allow_redirects=False
                )
                self.assertEqual(response.status_code, 301)
                trace.invalidate_recordset()
                self.assertEqual(bool(trace.open_datetime), recorded)
                clicks = self.env["link.tracker.click"].search_count(
                    [("link_id", "=", code.link_id.id)]
                )
                self.assertEqual(bool(clicks), recorded)
