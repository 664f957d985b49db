from odoo.tests import tagged

from ..common import PrivacyCommon


@tagged("post_install", "-at_install")
class TestTracking(PrivacyCommon):
    """Whose engagement may be recorded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purpose = cls.env.ref("privacy_guard.consent_purpose_tracking_document")
        cls.purpose._publish()
        cls.ann = cls.make_contact("Ann Example")

    def trackable(self, people=None):
        people = people or self.ann
        return self.env["privacy.gate"]._trackable(people, "document")

    def test_switched_off_nothing_changes(self):
        self.purpose.active = False
        self.assertTrue(self.trackable())

    def test_silence_allows_nothing_by_default(self):
        self.purpose.active = True
        self.assertFalse(self.trackable())  # not even evaluated yet
        self.env["consent.record"]._sync("res.partner", ids=self.ann.ids)
        self.assertFalse(self.trackable())
        self.ask(self.ann, self.purpose)
        self.assertFalse(self.trackable())

    def test_silence_allows_it_where_people_may_object(self):
        self.purpose.write(
            {"default_selection": "yes", "legal_basis": "legitimate_interests"}
        )
        self.purpose._publish()
        self.purpose.active = True
        self.ask(self.ann, self.purpose)
        self.assertTrue(self.trackable())
        self.answer(self.ann, self.purpose, "refused")
        self.assertFalse(self.trackable())

    def test_answers(self):
        self.purpose.active = True
        self.ask(self.ann, self.purpose)
        for answer in ("granted", "refused"):
            self.answer(self.ann, self.purpose, answer)
            self.assertEqual(bool(self.trackable()), answer == "granted")

    def test_nobody_who_has_stopped_or_wants_to_be_erased(self):
        self.purpose.active = True
        bea = self.make_contact("Bea Example")
        for person in (self.ann, bea):
            self.ask(person, self.purpose)
            self.answer(person, self.purpose, "granted")
        self.env["privacy.request"]._make(self.ann, "erasure", "letter")
        self.assertFalse(self.trackable())
        self.assertTrue(self.trackable(bea))
        bea._privacy_set_status("stopped", "test")
        self.assertFalse(self.trackable(bea))

    def test_whom_it_does_not_apply_to(self):
        self.purpose.active = True
        company = self.make_contact("A Company", is_company=True)
        self.assertTrue(self.trackable(company))

    def test_saying_no_forgets_what_was_recorded(self):
        forgotten = []
        self.patch(
            type(self.ann),
            "_privacy_forget_engagement",
            lambda people, scope: forgotten.append((people, scope)),
        )
        self.purpose.active = True
        self.ask(self.ann, self.purpose)
        self.answer(self.ann, self.purpose, "granted")
        self.assertFalse(forgotten)
        self.answer(self.ann, self.purpose, "refused")
        self.assertEqual(forgotten, [(self.ann, "document")])

    def test_queries_do_not_grow(self):
        self.purpose.active = True
        people = [self.make_contact(f"Person {n}") for n in range(20)]
        counts = []
        for count in (1, 20):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.trackable(self.env["res.partner"].union(*people[:count]))
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
