from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from ..common import PrivacyCommon

PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6"
    b"kgAAAABJRU5ErkJggg=="
)
OTHER_PIXEL = b"UGljdHVyZQ=="
STOPPED = "asked us to stop processing"


class TestRequestStop(PrivacyCommon):
    """STP-1, STP-2: stop processing acts at once, for every way in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purpose = cls.make_data_purpose(
            "phone", default_selection="yes", legal_basis="contract"
        )
        cls.ann = cls.make_contact("Ann Example", phone="+32 470 12 34 56")
        cls.user = cls.make_user("clerk")
        cls.officer = cls.make_user(
            "officer",
            "privacy_guard.group_privacy_officer,base.group_partner_manager",
        )
        cls.requests = cls.env["privacy.request"]

    def stop(self, channel="letter"):
        return self.requests._make(self.ann, "stop", channel)

    def assertLocked(self, call, *args, **kwargs):
        with (
            self.assertRaisesRegex(UserError, STOPPED),
            self.env.cr.savepoint(),
        ):
            call(*args, **kwargs)

    def test_acts_at_once(self):
        request = self.stop()
        self.assertEqual(self.ann.privacy_status, "stopped")
        self.assertEqual(request.state, "new")

    def test_no_way_in_changes_the_contact(self):
        """Forms, lists, web_save, import, archiving, automation, tags, users."""
        ben = self.make_contact("Ben Example")
        login = self.make_user("ben", "base.group_portal", partner_id=ben.id)
        tag = self.env["res.partner.category"].create({"name": "Loyal"})
        tagged = self.env["res.partner.category"].create({"name": "New"})
        ann = self.ann.with_user(self.user)
        form = Form(ann)
        form.comment = "called"
        self.stop()
        self.requests._make(ben, "stop", "letter")
        action = self.env["ir.actions.server"].create(
            {
                "name": "Set the city",
                "model_id": self.env.ref("base.model_res_partner").id,
                "state": "object_write",
                "update_path": "city",
                "value": "Ghent",
            }
        )
        ways = {
            "form": form.save,
            "write": lambda: ann.write({"city": "Ghent"}),
            "web_save": lambda: ann.web_save({"city": "Ghent"}, {"id": {}}),
            "archive": ann.action_archive,
            "superuser": lambda: self.ann.sudo().write({"city": "Ghent"}),
            "officer": lambda: self.ann.with_user(self.officer).write({"city": "G"}),
            "server action": lambda: action.with_context(
                active_model="res.partner", active_id=ann.id
            ).run(),
            "tag": lambda: ann.write({"category_id": [Command.link(tag.id)]}),
            "tag from behind": lambda: tag.write(
                {"partner_ids": [Command.link(ann.id)]}
            ),
            "new tag": lambda: tag.create(
                {"name": "Other", "partner_ids": [Command.link(ann.id)]}
            ),
            "user": lambda: login.write({"name": "Anna"}),
            "archived as a child": lambda: ann.create(
                {"name": "Firm", "child_ids": [Command.link(ann.id)]}
            ),
            "delete": lambda: self.ann.sudo().unlink(),
            "preferences": lambda: login.with_user(login).write({"email": "b@b.be"}),
        }
        for way, call in ways.items():
            with self.subTest(way):
                self.assertLocked(call)
        self.assertFalse(self.ann.city or self.ann.category_id)
        tagged.write({"name": "Renamed"})

    def test_what_the_contact_leads_to_is_noted_and_stops_nobody(self):
        """A stopped contact never stops the others; what it said stays with it."""
        tags = self.env["res.partner.category"]
        group = tags.create({"name": "Customers"})
        loyal = tags.create({"name": "Loyal", "parent_id": group.id})
        firm = self.make_contact("The Firm", is_company=True, vat="BE0477472701")
        ben = self.make_contact("Ben Example", category_id=loyal.ids)
        self.ann.write({"category_id": loyal.ids, "parent_id": firm.id})
        self.stop()
        before = self.ann.message_ids, ben.message_ids
        group.with_user(self.user).name = "Clients"
        group.color = 3
        firm.write({"name": "A Firm", "vat": False, "street": "Elsewhere 1"})
        group.with_user(self.user).unlink()
        firm.unlink()
        self.assertFalse((group | loyal).exists() or firm.exists())
        notes = self.ann.message_ids - before[0]
        said = [str(note.body) for note in notes.sorted("id")]
        expected = (
            "Tags: “Customers / Loyal” was renamed “Clients / Loyal”",
            "Related Company: “The Firm” was renamed “A Firm”",
            "Tags: “Clients / Loyal” was deleted",
            "Related Company: “A Firm” was deleted",
        )
        self.assertEqual(len(said), len(expected), said)
        for text, start in zip(said, expected, strict=True):
            self.assertIn(start, text)
        self.assertEqual(self.ann.vat, "BE0477472701")
        self.assertFalse(self.ann.street)
        with self.assertRaises(AccessError):
            notes[0].with_user(self.user).unlink()
        self.assertEqual(ben.message_ids, before[1])

    def test_picture_is_a_field_too(self):
        """Whoever may write the contact may write the attachment behind its picture."""
        self.ann.image_1920 = PIXEL
        domain = [("res_model", "=", "res.partner"), ("res_id", "=", self.ann.id)]
        domain += [("res_field", "=", "image_1920")]
        picture = self.env["ir.attachment"].search(domain).with_user(self.user)
        picture.write({"datas": PIXEL})
        values = picture.copy_data()[0]
        self.stop()
        self.assertLocked(picture.write, {"datas": PIXEL})
        self.assertLocked(picture.unlink)
        self.assertLocked(picture.create, values)
        # another add-on's code, which writes past the contact
        code = picture.sudo()
        self.assertLocked(code.write, {"datas": OTHER_PIXEL})
        self.assertLocked(code.write, {"res_id": self.env.user.partner_id.id})
        self.assertLocked(code.create, values)
        self.assertLocked(code.create, {**values, "res_field": "image_128"})
        code.write({"datas": PIXEL})  # to another storage
        code.create({**values, "res_field": False})  # a file of the chatter
        self.assertLocked(self.ann.write, {"image_1920": False})

    def test_import_is_refused(self):
        self.stop()
        self.env["ir.model.data"].create(
            {
                "name": "ann",
                "module": "__import__",
                "model": "res.partner",
                "res_id": self.ann.id,
            }
        )
        result = (
            self.env["res.partner"]
            .with_user(self.user)
            .load(["id", "city"], [["__import__.ann", "Ghent"]])
        )
        self.assertIn(STOPPED, result["messages"][0]["message"])
        self.assertFalse(self.ann.city)

    def test_named_exceptions_still_work(self):
        """The chatter, the request itself, and what Odoo keeps by itself."""
        request = self.stop()
        self.ann.message_post(body="They called.")
        request.activity_ids.action_feedback("checked")
        self.ann.write({"signup_type": "reset"})

    def test_only_officers_merge(self):
        other = self.make_contact("Anna Example")
        request = self.stop()
        wizard = self.env["base.partner.merge.automatic.wizard"]
        merge = [(self.ann | other).ids, other]
        self.assertLocked(
            wizard.with_user(self.user)._merge, *merge, extra_checks=False
        )
        # core's merge reads fields of this group
        self.officer.group_ids |= self.env.ref("base.group_erp_manager")
        wizard.with_user(self.officer)._merge(*merge, extra_checks=False)
        self.assertEqual(other.privacy_status, "stopped")
        self.assertEqual(request.res_id, other.id)
        request._withdraw()
        self.assertEqual(other.privacy_status, "active")

    def test_merging_what_one_person_asked_twice_leaves_one_request(self):
        other = self.make_twin(self.ann)
        first = self.stop()
        second = self.requests._make(other, "stop", "call")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.ann | other).ids, other, extra_checks=False
        )
        self.assertEqual((first | second).mapped("res_id"), [other.id] * 2)
        self.assertEqual((first | second).mapped("state"), ["new", "withdrawn"])

    def test_merging_keeps_the_request_that_is_confirmed(self):
        other = self.make_twin(self.ann)
        unconfirmed = self.requests._make(other, "stop", "page", state="unconfirmed")
        confirmed = self.stop()
        other._privacy_absorb_on_merge(self.ann)
        self.assertEqual(confirmed.state, "new")
        self.assertEqual(unconfirmed.state, "withdrawn")
        self.assertEqual(confirmed.res_id, other.id)

    def test_withdrawing_unlocks_until_it_is_done(self):
        request = self.stop()
        request._withdraw()
        self.assertEqual(request.state, "withdrawn")
        self.ann.with_user(self.user).write({"city": "Ghent"})

        request = self.stop()
        request.with_user(self.officer).action_execute()
        request._withdraw()
        self.assertEqual(request.state, "done")
        self.assertEqual(self.ann.privacy_status, "stopped")

    def test_withdrawing_a_second_request_does_not_undo_the_first(self):
        self.stop().with_user(self.officer).action_execute()
        self.stop()._withdraw()
        self.assertEqual(self.ann.privacy_status, "stopped")

    def test_officer_reopens_with_a_reason(self):
        """STP-2: logged, told, and everything as before."""
        self.answer(self.ann, self.purpose, "granted")
        request = self.stop()
        wizard = self.env["consent.reopen"].with_user(self.officer)
        wizard = wizard.create({"partner_id": self.ann.id, "reason": "A court says so"})
        self.assertEqual(wizard.refused_requests, request.name)
        wizard.action_reopen()
        self.assertEqual(self.ann.privacy_status, "active")
        self.assertEqual(request.state, "refused")
        self.assertIn(
            "the contact was reopened: A court says so", request.message_ids[0].body
        )
        self.assertEqual(self.ann.phone, "+32 470 12 34 56")
        self.assertEqual(self.value(self.ann, self.purpose), "granted")
        log = self.env["privacy.status.log"].search([], limit=1)
        self.assertEqual(log.reason, "A court says so")
        self.assertEqual(log.user_id, self.officer)
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(mail.recipient_ids, self.ann)
        self.assertIn("A court says so", mail.body_html)

    def test_nobody_else_reopens(self):
        self.stop()
        for user in (
            self.user,
            self.make_user("p", "privacy_guard.group_privacy_user"),
        ):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.ann.with_user(user)._privacy_reopen("because")

    def test_former_status_comes_back(self):
        self.ann._privacy_set_status("duplicate", "test")
        self.stop()._withdraw()
        self.assertEqual(self.ann.privacy_status, "duplicate")

    def test_refusing_unlocks(self):
        request = self.stop()
        request.with_user(self.officer)._refuse("We must keep processing: lawsuit")
        self.assertEqual(self.ann.privacy_status, "active")

    def test_queries_do_not_grow_with_people(self):
        people = self.env["res.partner"].create(
            [{"name": f"P{n}", "email": f"p{n}@example.com"} for n in range(41)]
        )
        counts = []
        for some in (people[:1], people[1:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._privacy_stop("test")
            some._privacy_resume("test")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
