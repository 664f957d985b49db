import re
from itertools import product
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..models.mailing_mailing_counts import SMALLEST_GROUP
from ..scale import ANONYMOUS, AXES, IDENTIFIED, LEVELS, OFF, strictest
from .test_tracking import TrackingCommon

OFFER = "https://example.com/offer"
COUNTED = r"https?://[^\s\"'<>]+?(/mailing/c/[^\s\"'<>]+)"


class CountingCommon(TrackingCommon):
    """Two people who have not answered whether they may be tracked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nora, cls.nick = cls.make_contact("Nora New"), cls.make_contact("Nick New")
        cls.new = cls.nora | cls.nick
        for person in cls.new:
            granted = {cls.purpose.id: "granted"}
            person._consent_record_answers(granted, source="preferences")

    def addresses(self, person):
        """:return: list of the paths in a mail that count for nobody, picture first"""
        found = re.findall(COUNTED, self.body_to(person))
        return sorted(found, key=lambda path: not path.endswith(".gif"))

    def rows(self, mailing):
        """:return: list of (link, hits) of a mailing"""
        self.env.invalidate_all()
        rows = self.env["privacy.mailing.count"].search(
            [("mailing_id", "=", mailing.id)], order="id"
        )
        return [(row.link_id, row.hits) for row in rows]

    def count(self, mailing, hits, link=None):
        """As if that many had opened it, or followed the link."""
        link = link or self.env["link.tracker"]
        values = {"mailing_id": mailing.id, "link_id": link.id, "hits": hits}
        self.env["privacy.mailing.count"].create(values)

    def sent(self, mailing, number, seen=0, **levels):
        """Traces of mails that were sent, some of which were seen."""
        now = self.env.cr.now()
        self.env["mailing.trace"].create(
            [
                {
                    "mass_mailing_id": mailing.id,
                    "model": "res.partner",
                    "res_id": n + 1,
                    "sent_datetime": now,
                    "open_datetime": now if n < seen else False,
                    "trace_status": "open" if n < seen else "sent",
                    **levels,
                }
                for n in range(number)
            ]
        )


@tagged("post_install", "-at_install")
class TestCounting(CountingCommon):
    """TRK-1: off, totals, by person; the strictest wins, when the mail is built."""

    def test_silence_is_the_same_for_everybody(self):
        mailing = self.make_mailing(self.new)
        self.send(mailing)
        pixel, link = self.addresses(self.nora)
        self.assertEqual(self.addresses(self.nick), [pixel, link])
        self.assertTrue(pixel.endswith(".gif"))
        for person in self.new:
            body = self.body_to(person)
            for foreign in ("/mail/track/", "/r/", OFFER):
                self.assertNotIn(foreign, body)

    def test_the_strictest_wins(self):
        """Of all there are: company, mailing, person, in each direction."""
        mailing = self.make_mailing(self.new)
        company = mailing.user_id.company_id
        scale = [level for level, _label in LEVELS]
        for ours, of_mailing, person in product(scale, scale, scale):
            company.privacy_openings = mailing.privacy_clicks = ours
            mailing.privacy_openings = company.privacy_clicks = of_mailing
            expected = scale[min(map(scale.index, (ours, of_mailing, person)))]
            self.assertEqual(strictest(ours, of_mailing, person), expected)
            self.assertEqual(mailing._privacy_levels(person), (expected, expected))

    def test_the_setting_says_what_silence_means(self):
        self.env.company.privacy_silence = "ask"
        self.send(self.make_mailing(self.new | self.willing))
        self.assertFalse(self.addresses(self.nora))
        self.assertIn(f'href="{OFFER}"', self.body_to(self.nora))
        self.assertIn("/mail/track/", self.body_to(self.willing))

    def test_a_default_is_no_yes(self):
        self.tracking.write(
            {"default_selection": "yes", "legal_basis": "legitimate_interests"}
        )
        levels = self.env["privacy.gate"]._tracking_levels(
            {p.email for p in self.nora | self.shy | self.willing}
        )
        expected = {self.nora: ANONYMOUS, self.shy: OFF, self.willing: IDENTIFIED}
        self.assertEqual(levels, {p.email: level for p, level in expected.items()})

    def test_each_axis_by_itself(self):
        mailing = self.make_mailing(self.willing, privacy_openings=OFF)
        self.send(mailing)
        self.assertNotIn("/mail/track/", self.body_to(self.willing))
        self.assertIn("/r/", self.body_to(self.willing))
        trace = self.trace(mailing, self.willing)
        trace.set_clicked()
        trace.set_opened()
        self.assertTrue(trace.links_click_datetime)
        self.assertFalse(trace.open_datetime)

    def test_links_of_one_person_are_not_counted(self):
        """One that is made for each would be an address of each."""
        body = """<p><a t-attf-href="https://example.com/of/{{object.id}}">Yours</a>
            <a href="https://example.com/all?a=1&amp;b=2">All</a></p>"""
        mailing = self.make_mailing(self.new, body_html=body)
        self.send(mailing)
        self.assertEqual(len(self.addresses(self.nora)), 2)
        self.assertEqual(self.addresses(self.nora), self.addresses(self.nick))
        own = f'href="https://example.com/of/{self.nora.id}"'
        self.assertIn(own, self.body_to(self.nora))

    def test_no_later_setting_widens(self):
        mailing = self.make_mailing(self.new, privacy_clicks=OFF)
        self.send(mailing)
        mailing.privacy_clicks = IDENTIFIED
        self.answer(self.nora, self.tracking, "granted")
        trace = self.trace(mailing, self.nora)
        code = (
            self.env["link.tracker.code"]
            .search([("link_id.mass_mailing_id", "=", mailing.id)])
            .code
        )
        trace.set_opened()
        trace.set_clicked()
        self.env["link.tracker.click"].add_click(code, mailing_trace_id=trace.id)
        self.assertFalse(trace.open_datetime or trace.links_click_datetime)
        self.assertFalse(trace.links_click_ids)

    def test_rows_are_nobodys_to_read(self):
        clerk = self.make_user("clerk", "mass_mailing.group_mass_mailing_user")
        mailing = self.make_mailing(self.new)
        self.send(mailing)
        self.count(mailing, 1)
        with self.assertRaises(AccessError):
            self.env["privacy.mailing.count"].with_user(clerk).search_read([])
        with self.assertRaises(AccessError):
            self.trace(mailing, self.nora).with_user(clerk).read([*AXES])
        self.assertIn("not shown", mailing.with_user(clerk).privacy_counts)

    def test_both_kinds_as_what_they_are(self):
        mailing = self.make_mailing(self.new)
        self.assertFalse(mailing.privacy_counts)
        self.sent(mailing, 160, seen=95)
        self.sent(mailing, 1840, privacy_openings=ANONYMOUS)
        self.count(mailing, 312)
        mailing.invalidate_recordset()
        self.assertEqual(
            mailing.privacy_counts,
            "312 openings of 1,840 mails sent without tracking; "
            "95 of 160 people who agreed",
        )
        self.assertAlmostEqual(mailing.privacy_opened_rate, 20.35)

    def test_a_group_too_small_to_hide_one_is_not_shown(self):
        link = self.env["link.tracker"]
        for number in (SMALLEST_GROUP - 1, SMALLEST_GROUP):
            mailing = self.make_mailing(self.new)
            link = link.create(
                {
                    "url": OFFER,
                    "title": "Offer",
                    "mass_mailing_id": mailing.id,
                    "label": str(number),
                }
            )
            self.sent(mailing, number, **dict.fromkeys(AXES, ANONYMOUS))
            self.count(mailing, 7)
            self.count(mailing, 3, link)
            shown = number >= SMALLEST_GROUP
            self.assertEqual("7 openings" in mailing.privacy_counts, shown)
            self.assertEqual("3 clicks" in mailing.privacy_counts, shown)
            self.assertEqual(link.privacy_hits, 3 if shown else 0)
            self.assertEqual(bool(mailing.privacy_opened_rate), shown)

    def test_the_better_version_wins_by_totals(self):
        campaign = self.env["utm.campaign"].create({"name": "Test"})
        values = {
            "campaign_id": campaign.id,
            "ab_testing_enabled": True,
            "state": "done",
        }
        first, second = (self.make_mailing(self.new, **values) for _n in range(2))
        for criterion, axis, link in (
            ("opened_ratio", "privacy_openings", None),
            (
                "clicks_ratio",
                "privacy_clicks",
                self.env["link.tracker"].create({"url": OFFER, "title": "Offer"}),
            ),
        ):
            campaign.ab_testing_winner_selection = criterion
            for mailing, hits in ((first, 3), (second, 9)):
                self.sent(mailing, 20, **{axis: ANONYMOUS})
                self.count(mailing, hits, link)
            self.env.invalidate_all()
            by = first._get_ab_testing_winner_selection()["value"]
            self.assertEqual((first | second).sorted(by, reverse=True)[0], second)

    def test_a_rush_splits_rows_and_loses_nothing(self):
        mailing = self.make_mailing(self.new)
        counts = self.env["privacy.mailing.count"]
        none = self.env["link.tracker"]
        counts._hit(mailing, none)
        with patch.object(type(counts), "_add", lambda *args: False):
            counts._hit(mailing, none)
        counts._hit(mailing, none)
        self.assertEqual(sorted(hits for _link, hits in self.rows(mailing)), [1, 2])
        self.assertEqual(counts._sums(mailing), {(mailing.id, False): 3})
        counts._gc_split()
        self.assertEqual([hits for _link, hits in self.rows(mailing)], [3])


@tagged("post_install", "-at_install")
class TestCountedHits(CountingCommon, HttpCase):
    """What a hit leaves: one more, and nothing else."""

    def setUp(self):
        super().setUp()
        self.mailing = self.make_mailing(self.new)
        self.send(self.mailing)
        self.pixel, self.link = self.addresses(self.nora)
        self.tracker = self.env["link.tracker"].search(
            [("mass_mailing_id", "=", self.mailing.id)]
        )

    def hit(self, path, **options):
        return self.url_open(path, allow_redirects=False, **options)

    def test_one_more_and_nothing_else(self):
        before = self.env["link.tracker.click"].search_count([])
        for _again in range(2):
            picture, page = self.hit(self.pixel), self.hit(self.link)
            self.assertEqual(picture.headers["Content-Type"], "image/gif")
            self.assertEqual((page.status_code, page.headers["Location"]), (302, OFFER))
            for answer in (picture, page):
                self.assertNotIn("Set-Cookie", answer.headers)
                self.assertEqual(answer.headers["Cache-Control"], "no-store")
        none = self.env["link.tracker"]
        self.assertEqual(set(self.rows(self.mailing)), {(none, 2), (self.tracker, 2)})
        self.assertEqual(self.env["link.tracker.click"].search_count([]), before)
        traces = self.mailing.mailing_trace_ids
        self.assertFalse(any(traces.mapped("open_datetime")))
        self.assertEqual(set(traces.mapped("trace_status")), {"sent"})

    def test_who_only_looks_is_not_counted(self):
        """HEAD, OPTIONS, and programs that say that they are none of the recipients."""
        for path in (self.pixel, self.link):
            for method in ("HEAD", "OPTIONS"):
                self.assertLess(self.hit(path, method=method).status_code, 400)
            self.assertLess(
                self.hit(path, headers={"User-Agent": "Googlebot"}).status_code, 400
            )
        self.assertFalse(self.rows(self.mailing))
        mailing = self.make_mailing(self.willing)
        self.send(mailing)
        trace = self.trace(mailing, self.willing)
        mails = self.env["mail.mail"]
        token = mails._generate_mail_recipient_token(trace.mail_mail_id_int)
        code = (
            self.env["link.tracker.code"]
            .search([("link_id.mass_mailing_id", "=", mailing.id)])
            .code
        )
        for path in (
            f"/mail/track/{trace.mail_mail_id_int}/{token}/blank.gif",
            f"/r/{code}/m/{trace.id}",
        ):
            self.assertLess(self.hit(path, method="HEAD").status_code, 400)
        trace.invalidate_recordset()
        self.assertFalse(trace.open_datetime or trace.links_click_ids)

    def test_forged_and_foreign_addresses_count_nothing(self):
        other = self.make_mailing(self.new)
        self.send(other)
        link = self.addresses(self.nora)[1]
        token, foreign = self.link.rpartition("/")[2], link.rpartition("/")[2]
        for path in (
            self.link.replace(token, foreign),
            self.link.replace(token, "0" * len(token)),
            self.link.replace(token, "\u00e9"),
            self.link.replace(f"/{self.tracker.id}/", "/999999999999/"),
            self.pixel.replace(str(self.mailing.id), str(other.id)),
            self.pixel.replace(".gif", "x.gif"),
            f"/mailing/c/{self.mailing.id}/{token}.gif",
            f"/mailing/c/{self.mailing.id}/0/{self.mailing._privacy_token()}",
        ):
            self.assertEqual(self.hit(path).status_code, 404, path)
        self.assertFalse(self.rows(self.mailing) or self.rows(other))

    def test_no_identified_address_follows_from_one_that_is_not(self):
        """What is in the mail says neither which code the link has, nor which mail it
        is; who guesses both is told apart by how the mail was built."""
        trace = self.trace(self.mailing, self.nora)
        body = self.body_to(self.nora)
        token = self.pixel.rpartition("/")[2].removesuffix(".gif")
        self.assertNotIn(f"/{self.tracker.code}", body)
        mail_id = trace.mail_mail_id_int
        forged = self.hit(f"/mail/track/{mail_id}/{token}/blank.gif")
        self.assertEqual(forged.status_code, 401)
        self.answer(self.nora, self.tracking, "granted")
        guessed = self.hit(f"/r/{self.tracker.code}/m/{trace.id}")
        self.assertEqual(guessed.status_code, 301)
        trace.invalidate_recordset()
        self.assertFalse(trace.open_datetime or trace.links_click_ids)

    def test_what_was_sent_counts_on_for_nobody_after_a_no(self):
        """Nobody could tell whose address it is, or stop it."""
        self.answer(self.nora, self.tracking, "refused")
        self.hit(self.pixel)
        self.assertEqual(len(self.rows(self.mailing)), 1)
