import base64
import io
import json
import zipfile

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.privacy_guard.tests.erasure.erasure_common import ErasureCommon

from .mailing_common import MailingCommon

CANARY = "canary"
HEADER = "person,purpose,answer,date,source,note"


@tagged("post_install", "-at_install")
class TestMailingContactRights(ErasureCommon, MailingCommon):
    """Erasing, copies of data, dialogues and imports for who is on a mailing list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marketing = cls.env.ref("mass_mailing.group_mass_mailing_user")
        cls.officer.group_ids |= cls.marketing
        # consents without a company are for officers of all companies
        cls.officer.company_ids = cls.env["res.company"].search([])
        cls.purpose.for_mailing_contacts = True
        cls.list = cls.make_list(cls, "cam@canary.example", "max@example.com")
        cls.cam, cls.max = cls.list.contact_ids.sorted("id")
        cls.cam.write(
            {
                "name": "Cam Canary",
                "company_name": "Canary House",
                "tag_ids": [(0, 0, {"name": "Birds"})],
            }
        )

    def test_era2_nothing_identifies_the_person(self):
        self.answer(self.cam, self.purpose, "granted")
        self.erase(self.cam)
        self.assertEqual(self.cam.privacy_status, "erased")
        self.assertNotIn(CANARY, self.texts(self.cam).lower())
        self.assertEqual(self.cam.name, f"Erased mailing contact {self.cam.id}")
        self.assertFalse(self.cam.tag_ids)
        self.assertFalse(self.cam.subscription_ids)
        self.assertTrue(self.max.subscription_ids)
        self.assertTrue(self.events(self.cam, self.purpose))

    def test_who_has_left_a_list_is_brought_back_by_no_user(self):
        """A no binds, below every way to the table."""
        mailer = self.make_user("mailer", "mass_mailing.group_mass_mailing_user")
        left = self.cam.subscription_ids
        left.opt_out = True
        self.max._privacy_stop("They asked")
        other = self.env["mailing.list"].create({"name": "Other"})
        ways = {
            "write": lambda row: row.write({"opt_out": False}),
            "another list": lambda row: row.write({"list_id": other.id}),
            "unlink": lambda row: row.unlink(),
            "lists": lambda row: row.contact_id.write({"list_ids": [Command.clear()]}),
            "members": lambda row: row.list_id.write(
                {"contact_ids": [Command.clear()]}
            ),
            "form": lambda row: row.contact_id.write(
                {"subscription_ids": [Command.delete(row.id)]}
            ),
        }
        for name, way in ways.items():
            with self.subTest(way=name):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    way(left.with_user(mailer))
        stopped = self.max.subscription_ids.with_user(mailer)
        for name in ("write", "unlink"):
            with self.subTest(way=name, status="stopped"):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    ways[name](stopped)
        # leaving is always possible; an officer decides, and so does the person
        stopped.opt_out = True
        left.with_user(self.officer).opt_out = False
        self.assertFalse(left.opt_out)
        left.opt_out = True
        left.sudo().opt_out = False

    def test_prf1_wishes_are_in_the_copy_and_go_with_the_person(self):
        self.answer(self.cam, self.purpose, "granted")
        wish = {self.purpose.id: {"most": "once_week"}}
        self.cam._consent_prefer(wish, source="preferences")
        preferences = self.env["consent.preference"]
        held = preferences._of("mailing.contact", self.cam.ids)
        self.assertEqual(held.most, "once_week")
        sources = self.env["privacy.export.content"]._sources([self.cam.sudo()])
        [source] = [s for s in sources if s.model == "consent.preference"]
        self.assertEqual(preferences.search(source.domain), held)
        self.assertIn("most", source.fields)
        self.erase(self.cam)
        self.assertFalse(held.exists())

    def test_a_contact_and_its_mailing_contacts_go_together(self):
        own = self.make_list("ann@canary.example").contact_ids
        self.erase(self.ann)
        self.assertEqual(own.privacy_status, "erased")
        self.assertEqual(self.max.privacy_status, "active")

    def test_expressions_that_name_the_person(self):
        mailing = self.make_mailing(self.max)
        mailing.mailing_domain = [("email", "=", "cam@canary.example")]
        self.erase(self.cam)
        self.assertNotIn(CANARY, self.texts(mailing))
        self.assertFalse(mailing._privacy_addresses())

    def test_erased_people_do_not_come_back_by_an_import(self):
        self.erase(self.cam)
        action = self.env["mailing.contact.import"].create(
            {
                "contact_list": "Cam <cam@canary.example>",
                "mailing_list_ids": self.list.ids,
            }
        )
        action.action_import()
        again = self.list.contact_ids.filtered("email") - self.max
        suppressed = again.privacy_status != "active" or again.message_ids.filtered(
            lambda m: "erased at" in (m.body or "")
        )
        self.assertTrue(suppressed)

    def test_importing_somebody_who_is_locked_leaves_them_locked(self):
        other = self.env["mailing.list"].create({"name": "Other"})
        self.cam._privacy_stop("asked")
        for lists in (self.list, self.list | other):
            self.env["mailing.contact.import"].create(
                {"contact_list": "cam@canary.example", "mailing_list_ids": lists.ids}
            ).action_import()
        self.assertEqual(self.cam.privacy_status, "stopped")

    def test_a_copy_of_the_data(self):
        self.answer(self.cam, self.purpose, "granted")
        tracking = self.env["privacy.gate"]._tracking_purpose()
        tracking.active = False
        mailing = self.make_mailing(self.list)
        self.send(mailing)
        trace = self.trace(mailing, self.cam)
        trace.set_opened()
        link = self.env["link.tracker"].create({"url": "https://example.com/offer"})
        self.env["link.tracker.click"].create(
            {"link_id": link.id, "mailing_trace_id": trace.id, "ip": "192.0.2.7"}
        )
        export = self.env["privacy.export"].with_user(self.officer)
        export = export._ask(self.cam, "officer").sudo()
        export._build()
        archive = zipfile.ZipFile(io.BytesIO(export._fetch().read()))

        def rows(name):
            return json.loads(archive.read(f"{name}.json"))

        self.assertEqual(rows("mailing.contact")[0]["company_name"], "Canary House")
        self.assertIn("News", rows("mailing.subscription")[0]["list_id"])
        [received] = rows("mailing.trace")
        self.assertEqual(received["mass_mailing_id"], mailing.display_name)
        self.assertTrue(received["open_datetime"])
        self.assertEqual(rows("link.tracker.click")[0]["ip"], "192.0.2.7")
        self.assertNotIn("max@example.com", str(rows("mailing.trace")))

    def test_every_installed_model_is_declared_or_exempt(self):
        undeclared = self.env["privacy.data.map"]._undeclared()
        found = {n for n in undeclared if n.startswith(("mailing.", "link."))}
        self.assertFalse(found)

    def test_what_a_contact_refuses_goes_from_its_mailing_contacts(self):
        keep = self.make_data_purpose("country_id")
        (self.cam | self.max).country_id = self.belgium
        contact = self.make_contact("Cam", email="cam@canary.example")
        self.answer(contact, keep, "refused")
        self.assertFalse(self.cam.country_id)
        with self.assertRaisesRegex(UserError, "has not given consent"):
            self.cam.country_id = self.italy
        self.max.country_id = self.italy

    def test_forms_show_consents_and_locks(self):
        field = self.env["ir.model.fields"]._get("mailing.contact", "first_name")
        keep = self.make_purpose(kind="data", name="Keep name", field_id=field.id)
        self.max.first_name = "Max"
        self.max._consent_sync()
        self.answer(self.max, keep, "refused")
        self.assertFalse(self.max.first_name)
        with Form(self.max.with_user(self.officer)) as form:
            form.name = "Somebody"
            self.assertIn("first_name", form.privacy_locked_fields)
        with self.assertRaisesRegex(UserError, "has not given consent"):
            self.max.with_user(self.officer).first_name = "Max"
        form = Form(self.purpose.with_user(self.officer))
        form.mailing_contact_condition = "[('name', '=', 'Cam')]"
        form.save()
        self.cam.name = "Else"
        self.assertEqual(self.value(self.cam, self.purpose), "not_applicable")

    # ------------------------------------------------------------------
    # Dialogues
    # ------------------------------------------------------------------

    def about(self, person, **values):
        return {"res_model": person._name, "res_id": person.id, **values}

    def test_an_officer_records_answers_and_requests(self):
        wizards = self.env["consent.answer"].with_user(self.officer)
        wizard = wizards.create(self.about(self.cam, channel="phone", note="Called"))
        self.assertEqual(wizard.subject_name, "Cam Canary")
        wizard.line_ids.answer = "granted"
        wizard.action_record()
        self.assertEqual(self.value(self.cam, self.purpose), "granted")
        make = self.env["privacy.request.make"].with_user(self.officer)
        make.create(self.about(self.cam, kind="stop")).action_make()
        self.assertEqual(self.cam.privacy_status, "stopped")
        reopen = self.env["consent.reopen"].with_user(self.officer)
        reopen.create(self.about(self.cam, reason="They called")).action_reopen()
        self.assertEqual(self.cam.privacy_status, "active")

    def test_dialogues_obey_the_rights_on_the_person(self):
        self.officer.group_ids -= self.marketing
        about = self.about(self.cam)
        for name, values, method in (
            ("consent.answer", {"channel": "phone", "note": "N"}, "action_record"),
            ("consent.reopen", {"reason": "R"}, "action_reopen"),
            ("privacy.request.make", {"kind": "stop"}, "action_make"),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                wizards = self.env[name].with_user(self.officer)
                getattr(wizards.create({**about, **values}), method)()
        self.assertEqual(self.cam.privacy_status, "active")

    def test_dialogues_are_about_people_alone(self):
        wizards = self.env["consent.reopen"].with_user(self.officer)
        wizard = wizards.create(self.about(self.env.user, reason="R"))
        self.assertFalse(wizard._subject())

    # ------------------------------------------------------------------
    # Importing answers
    # ------------------------------------------------------------------

    def load(self, *people):
        lines = [f"{person},Newsletter,yes,2024-05-01,Fair,Card" for person in people]
        content = "\n".join([HEADER, *lines])
        imported = (
            self.env["consent.import"]
            .with_user(self.officer)
            .create({"file": base64.b64encode(content.encode())})
        )
        imported.action_check()
        return imported

    def test_answers_are_imported_by_address_and_id(self):
        for person in ("cam@canary.example", f'"mailing.contact,{self.cam.id}"'):
            lines = self.load(person).sudo().line_ids
            self.assertEqual(lines.mapped("res_model"), ["mailing.contact"])
            self.assertEqual(lines.mapped("res_id"), self.cam.ids)
        lines._record()
        self.assertEqual(self.value(self.cam, self.purpose), "granted")

    def test_a_contact_answers_for_its_mailing_contacts(self):
        contact = self.make_contact("Cam", email="cam@canary.example")
        lines = self.load("cam@canary.example").sudo().line_ids
        self.assertEqual(lines.mapped("res_id"), contact.ids)
        self.assertEqual(lines.mapped("state"), ["ready"])
