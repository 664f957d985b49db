from odoo.modules.migration import load_script
from odoo.tools import file_path

from ..common import PrivacyCommon

MIGRATION = "privacy_guard/migrations/19.0.1.4.0/post-request_identity.py"


class TestRequestIdentity(PrivacyCommon):
    """REQ-1: a request is of who asked, whatever becomes of the records that it is
    about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.make_contact("Ann Example")
        cls.bob = cls.make_contact("Bob Example")
        cls.requests = cls.env["privacy.request"]

    def make(self, person, kind="stop", channel="letter", **options):
        return self.requests._make(person, kind, channel, **options)

    def merge(self, source, target):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source | target).ids, target, extra_checks=False
        )

    def test_merging_two_people_keeps_both_requests(self):
        for kind in ("stop", "erasure", "access", "objection"):
            with self.subTest(kind):
                ann = self.make_contact(f"Ann {kind}")
                bob = self.make_contact(f"Bob {kind}")
                requests = self.make(ann, kind) | self.make(bob, kind)
                self.merge(bob, ann)
                self.assertEqual(requests.mapped("state"), ["new", "new"])
                self.assertEqual(requests.mapped("res_id"), [ann.id, ann.id])
                for request in requests:
                    self.assertEqual(request.subject_ids.mapped("res_id"), ann.ids)

    def test_stop_of_two_people_ends_with_the_last_one(self):
        of_ann, of_bob = self.make(self.ann), self.make(self.bob)
        self.merge(self.bob, self.ann)
        of_bob._withdraw()
        self.assertEqual(of_ann.state, "new")
        self.assertEqual(self.ann.privacy_status, "stopped")
        of_ann._withdraw()
        self.assertEqual(self.ann.privacy_status, "active")

    def test_what_was_done_for_one_is_not_undone_by_the_other(self):
        self.make(self.bob)._execute()
        of_ann = self.make(self.ann)
        self.merge(self.bob, self.ann)
        of_ann._withdraw()
        self.assertEqual(self.ann.privacy_status, "stopped")

    def test_people_without_address_are_not_taken_for_one(self):
        cem = self.make_contact("Cem", email=False)
        dee = self.make_contact("Dee", email=False)
        requests = self.make(cem, "erasure") | self.make(dee, "erasure")
        self.merge(dee, cem)
        self.assertEqual(requests.mapped("state"), ["new", "new"])

    def test_login_and_address_are_not_taken_for_one(self):
        """IDN-4: whoever signs up with somebody's address has not their requests."""
        twin = self.make_twin(self.ann)
        by_login = self.make(twin, "erasure", "portal")
        by_link = self.make(self.ann, "erasure", "page")
        self.merge(twin, self.ann)
        self.assertEqual((by_login | by_link).mapped("state"), ["new", "new"])

    def test_merging_joins_what_one_person_asked_of_one_company(self):
        twin, third = self.make_twin(self.ann), self.make_twin(self.ann)
        first, second = self.make(self.ann), self.make(twin | third)
        self.merge(twin, self.ann)
        self.assertEqual(first.state, "new")
        self.assertEqual(second.state, "withdrawn")
        about = set(first.subject_ids.mapped("res_id"))
        self.assertEqual(about, {self.ann.id, third.id})

    def test_merging_joins_nothing_of_two_companies(self):
        twin = self.make_twin(self.ann)
        first = self.make(self.ann, "erasure")
        twin.company_id = self.env["res.company"].create({"name": "Other"})
        second = self.make(twin, "erasure")
        self.merge(twin, self.ann)
        self.assertEqual((first | second).mapped("state"), ["new", "new"])

    def test_merging_confirms_nothing(self):
        twin, third = self.make_twin(self.ann), self.make_twin(self.ann)
        unconfirmed = self.make(twin | third, "stop", "page", state="unconfirmed")
        confirmed = self.make(self.ann)
        self.merge(twin, self.ann)
        self.assertEqual(confirmed.state, "new")
        self.assertEqual(unconfirmed.state, "withdrawn")
        self.assertEqual(confirmed.subject_ids.mapped("res_id"), self.ann.ids)
        self.assertEqual(third.privacy_status, "active")

    def test_asking_is_not_answered_by_what_somebody_else_asked(self):
        of_bob = self.make(self.bob, "erasure")
        unconfirmed = self.make(self.bob, "stop", "page", state="unconfirmed")
        self.merge(self.bob, self.ann)
        self.assertNotEqual(self.make(self.ann, "erasure", "page"), of_bob)
        self.make(self.ann, "stop", "page")
        self.assertEqual(unconfirmed.state, "unconfirmed")

    def test_withdrawing_all_unlocks(self):
        """The second one finds locked what the first has locked."""
        for backwards in (False, True):
            first, second = self.make(self.ann), self.make(self.ann, channel="portal")
            (second | first if backwards else first | second)._withdraw()
            self.assertEqual(self.ann.privacy_status, "active")

    def test_unconfirmed_request_holds_no_lock(self):
        request = self.make(self.ann)
        self.make(self.ann, "stop", "portal", state="unconfirmed")
        request._withdraw()
        self.assertEqual(self.ann.privacy_status, "active")

    def test_reopening_is_told_once_and_confirms_or_closes_nothing_else(self):
        """STP-2: one mail to a person, however many records they have."""
        people = self.ann | self.make_twin(self.ann) | self.bob
        self.make(people)
        waiting = self.make(self.ann, "stop", "portal", state="unconfirmed")
        before = self.env["mail.mail"].search([])
        people._privacy_reopen("A court says so")
        mails = self.env["mail.mail"].search([]) - before
        self.assertEqual(mails.recipient_ids, mails.recipient_ids & people)
        self.assertEqual(len(mails), 2)
        self.assertEqual(waiting.state, "unconfirmed")

    def test_written_to_where_they_asked(self):
        """The named record may have become somebody else's."""
        twin = self.make_twin(self.ann)
        request = self.make(self.ann | twin, "access")
        named = request._addressee()
        other = (self.ann | twin) - named
        named.email = "stranger@example.com"
        self.assertEqual(request._addressee(), other)

    def test_requests_from_before_get_the_identity_that_they_would_have(self):
        nobody = self.make_contact("Nobody", email=False)
        requests = self.make(self.ann) | self.make(self.ann, channel="portal")
        requests |= self.make(nobody, "access") | self.make(self.bob, "access")
        identities = requests.mapped("identity")
        requests._set({"identity": False})
        requests[-1:]._set({"email": "BOB.example@example.com."})
        self.env.flush_all()
        script = load_script(file_path(MIGRATION), "post_request_identity")
        for _time in range(2):
            script.migrate(self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertEqual(requests.mapped("identity"), identities)
