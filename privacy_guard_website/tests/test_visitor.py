from odoo.tests import tagged

from .web_form_common import PAGE, WebFormCase


@tagged("post_install", "-at_install")
class TestVisitor(WebFormCase):
    """Visits are tied to a contact only with consent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tracking = cls.env["consent.purpose"].with_context(active_test=False)
        cls.tracking = cls.tracking.search([("tracking_scope", "=", "document")])
        cls.tracking.write({"text": "May we see what you look at?"})
        cls.tracking._publish()
        cls.tracking.active = True
        cls.page.view_id.track = True
        cls.user = cls.make_user("porter", groups="base.group_portal")
        cls.person = cls.user.partner_id
        cls.env["consent.record"]._sync("res.partner", ids=cls.person.ids)

    def setUp(self):
        super().setUp()
        # pages are tracked where they may be written to
        self.set_registry_readonly_mode(False)

    def visit(self):
        self.authenticate("porter", "porterporter")
        self.url_open(PAGE)
        self.env["website.visitor"].invalidate_model()

    def visitors(self):
        return self.env["website.visitor"].search([("partner_id", "=", self.person.id)])

    def tracks(self):
        return self.env["website.track"].search([("url", "like", PAGE)])

    def test_visits_are_anonymous_until_the_person_says_yes(self):
        self.assertEqual(self.value(self.person, self.tracking), "applicable")
        self.visit()
        self.assertFalse(self.visitors())
        self.assertTrue(self.tracks())
        self.answer(self.person, self.tracking, "granted")
        self.visit()
        self.assertEqual(len(self.visitors()), 1)

    def test_refused(self):
        self.answer(self.person, self.tracking, "refused")
        self.visit()
        self.assertFalse(self.visitors())

    def test_withdrawing_unties_what_was_kept(self):
        self.answer(self.person, self.tracking, "granted")
        self.visit()
        visitor = self.visitors()
        self.answer(self.person, self.tracking, "refused")
        self.assertFalse(self.visitors())
        self.assertTrue(visitor.exists().website_track_ids)
        self.assertEqual(len(visitor.access_token), 32)

    def test_stopping_unties_with_the_daily_cleaning(self):
        self.answer(self.person, self.tracking, "granted")
        self.visit()
        self.person._privacy_set_status("stopped", "test")
        self.visit()
        self.env["website.visitor"]._gc_privacy_visits()
        self.assertFalse(self.visitors())

    def test_the_token_cannot_be_set_to_a_person(self):
        visitor = self.env["website.visitor"].create({"access_token": "a" * 32})
        visitor.sudo().write({"access_token": str(self.person.id)})
        self.assertFalse(visitor.partner_id)

    def test_what_is_not_asked_is_as_in_odoo(self):
        self.tracking.active = False
        self.visit()
        self.assertEqual(len(self.visitors()), 1)

    def test_queries_do_not_grow(self):
        people = self.env["res.partner"].create(
            [{"name": f"P{n}", "email": f"p{n}@example.com"} for n in range(20)]
        )
        gate = self.env["privacy.gate"]

        def queries(contacts):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            gate._trackable(contacts, "document")
            return self.env.cr.sql_log_count - before

        queries(people)
        self.assertEqual(queries(people[:2]), queries(people))

    def test_copies_and_erasing_take_the_visits_along(self):
        self.answer(self.person, self.tracking, "granted")
        self.visit()
        visitor, track = self.visitors(), self.tracks()
        sources = self.env["privacy.export.content"]._sources([self.person])
        [source] = [s for s in sources if s.model == "website.track"]
        self.assertEqual(self.env[source.model].search(source.domain), track)
        self.erase(self.person)
        self.assertFalse(visitor.exists() | track.exists().visitor_id)
