from datetime import timedelta
from unittest.mock import ANY, patch

from lxml import etree
from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.removal import privacy_removal_run
from .personal.personal_common import PersonalFieldsCommon

JOB = "odoo.addons.privacy_guard.attempts"


@tagged("post_install", "-at_install")
class TestRemoval(PersonalFieldsCommon):
    """Deleting a data consent: dialogue, erasing, locks, forms, bringing back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deleted = cls.make_data_purpose("phone")
        cls.cron = cls.env.ref("privacy_guard.ir_cron_erase_removed_fields")
        cls.ann = cls.make_contact(phone="1")

    def dialogue(self, purpose=None, user=None, **values):
        wizards = self.env["consent.delete"].with_user(user or self.officer)
        return wizards.create({"purpose_id": (purpose or self.deleted).id, **values})

    def remove(self, purpose=None):
        """:return: the removal, confirmed and not erased yet"""
        purpose = purpose or self.deleted
        name = purpose.field_id.name
        self.dialogue(purpose, confirmation=name).action_delete()
        return self.removal(purpose)

    def removal(self, purpose=None):
        self.env.invalidate_all()
        return self.env["privacy.removal"].search(
            [("purpose_id", "=", (purpose or self.deleted).id)], limit=1
        )

    def erase(self):
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def phones(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT count(*) FROM res_partner WHERE phone IS NOT NULL")
        return self.env.cr.fetchone()[0]

    def test_what_is_withheld_is_erased_too(self):
        """It comes back neither with switching off its consent nor with the field."""
        self.ask(self.ann, self.deleted)
        withheld = self.env["consent.sealed.value"]
        self.assertTrue(withheld.search_count([("res_id", "=", self.ann.id)]))
        removal = self.remove()
        self.assertFalse(self.ann.phone)
        self.assertFalse(withheld.search_count([("res_id", "=", self.ann.id)]))
        self.erase()
        self.assertTrue(removal._is_erased())

    def test_what_is_withheld_at_that_moment_is_erased_too(self):
        """By a transaction that had begun before the confirmation."""
        removal = self.remove()
        self.env.cr.execute(
            """INSERT INTO consent_sealed_value
                           (purpose_id, res_model, res_id, date, sealed)
               VALUES (%s, 'res.partner', %s, now(), '')""",
            [self.deleted.id, self.ann.id],
        )
        self.erase()
        self.assertTrue(removal._is_erased())
        self.assertFalse(self.env["consent.sealed.value"].search_count([]))

    # ------------------------------------------------------------------
    # The dialogue
    # ------------------------------------------------------------------

    def test_dialogue_shows_the_counts(self):
        before = self.dialogue()
        values, consents = before.value_count, before.consent_count
        self.make_contact("Ben", phone="2", active=False)
        self.make_contact("Firm", phone="3", is_company=True)
        wizard = self.dialogue()
        # persons have a consent; companies only a value
        self.assertEqual(wizard.value_count, values + 2)
        self.assertEqual(wizard.consent_count, consents + 1)

    def test_nothing_happens_before_the_name_is_typed(self):
        for typed in (False, "", " ", "phon", "Telephone", "city"):
            with self.subTest(typed=typed), self.assertRaisesRegex(UserError, "Type"):
                self.dialogue(confirmation=typed).action_delete()
        self.assertTrue(self.deleted.active)
        self.assertFalse(self.phone.privacy_removed)

    def test_technical_or_shown_name_confirms(self):
        self.env["res.lang"]._activate_and_install_lang("fr_FR")
        shown = self.phone.with_context(lang="fr_FR").field_description
        for typed, lang in (("phone", "en_US"), (" Phone ", "en_US"), (shown, "fr_FR")):
            wizard = self.dialogue(confirmation=typed).with_context(lang=lang)
            with self.subTest(typed=typed):
                self.assertTrue(wizard._is_confirmed())

    def test_only_officers_delete(self):
        roles = ("base.group_user", "privacy_guard.group_privacy_user")
        for number, groups in enumerate((*roles, "base.group_system")):
            user = self.make_user(f"{number}_role", groups)
            with self.subTest(groups=groups):
                with self.assertRaises(AccessError):
                    self.dialogue(user=user, confirmation="phone")
                # nor with the dialogue of an officer
                wizard = self.dialogue(confirmation="phone")
                with self.assertRaises(AccessError):
                    wizard.with_user(user).action_delete()
                removals = self.env["privacy.removal"].with_user(user)
                with self.assertRaises(AccessError):
                    removals._remove(self.deleted.with_user(user))
        self.assertFalse(self.phone.privacy_removed)

    def test_custom_consents_have_nothing_to_erase(self):
        purpose = self.make_purpose()
        with self.assertRaisesRegex(UserError, "no field"):
            self.env["privacy.removal"]._remove(purpose)

    # ------------------------------------------------------------------
    # From the confirmation on
    # ------------------------------------------------------------------

    def test_consent_is_archived_and_its_evidence_stays(self):
        events = self.events(self.ann, self.deleted)
        removal = self.remove()
        self.assertFalse(self.deleted.active)
        self.assertEqual(self.events(self.ann, self.deleted), events)
        self.assertRecordValues(
            removal,
            [{"user_id": self.officer.id, "field_name": "phone", "step": "values"}],
        )

    def test_locked_for_everyone_at_once(self):
        """Before anything is erased, whatever consents say, on every contact."""
        self.answer(self.ann, self.deleted, "granted")
        firm = self.make_contact("Firm", is_company=True)
        self.remove()
        contacts = self.ann | firm
        clerk = self.make_user("clerk")
        for contact in contacts:
            for user in (clerk, self.officer, self.env.user):
                for way in (
                    lambda c: c.write({"phone": "2"}),
                    lambda c: c.sudo().write({"phone": "2"}),
                    lambda c: c.web_save({"phone": "2"}, {"phone": {}}),
                ):
                    with self.subTest(contact=contact.name, user=user.login):
                        with self.assertRaisesRegex(UserError, "was removed from all"):
                            way(contact.with_user(user))
        self.ann.write({"phone": "1", "function": "Baker"})
        self.assertEqual((self.ann.phone, self.ann.function), ("1", "Baker"))

    def test_locked_when_consents_are_switched_off(self):
        self.remove()
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", False)
        with self.assertRaisesRegex(UserError, "Phone of Ann"):
            self.ann.phone = "2"
        self.ann.function = "Baker"

    def test_no_contact_is_created_with_a_value(self):
        self.remove()
        contacts = self.env["res.partner"]
        with self.assertRaisesRegex(UserError, "Phone cannot be stored"):
            contacts.create({"name": "New", "phone": "1"})
        with self.assertRaisesRegex(UserError, "Phone cannot be stored"):
            self.env["res.users"].create({"name": "N", "login": "n", "phone": "1"})
        result = contacts.load(["name", "phone"], [["New", "1"]])
        self.assertIn("Phone cannot be stored", result["messages"][0]["message"])
        # defaults, propagation and the data of modules leave it out
        self.env["ir.default"].set("res.partner", "phone", "1")
        created = contacts.create({"name": "New"})
        created |= contacts.with_context(default_phone="1").create({"name": "New 2"})
        created |= contacts.with_context(privacy_skip_locked=True).create(
            {"name": "New 3", "phone": "1"}
        )
        created |= self.ann.copy({"email": False})
        data = {"xml_id": "test.new", "values": {"name": "New 4", "phone": "1"}}
        created |= contacts.with_context(install_mode=True)._load_records([data])
        self.assertEqual(created.mapped("phone"), [False] * 5)

    def test_propagation_leaves_it_out(self):
        """A company's address goes to its contacts, without the removed field."""
        self.remove(self.make_data_purpose("city"))
        self.erase()
        firm = self.make_contact("Firm", is_company=True, zip="8000")
        self.ann.parent_id = firm
        firm.zip = "9000"
        self.assertEqual((self.ann.zip, self.ann.city), ("9000", False))

    def test_no_query_more_for_writing_elsewhere(self):
        """The hot path: names of removed fields are cached."""
        self.ann.function = "Baker"
        self.env.flush_all()

        def write(value):
            before = self.env.cr.sql_log_count
            self.ann.function = value
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        without = write("Cook")
        self.remove()
        write("Painter")  # fills the caches
        self.assertLessEqual(write("Mason"), without)

    def test_consent_cannot_come_back_before_its_field(self):
        self.remove()
        with self.assertRaisesRegex(ValidationError, "Bring it back"):
            self.deleted.active = True
        with self.assertRaisesRegex(UserError, "no field"):
            self.env["privacy.removal"]._remove(self.deleted)

    def test_nobody_writes_the_log_of_removals(self):
        removal = self.remove()
        for rows in (removal.with_user(self.officer), removal):
            with self.assertRaises(UserError):
                rows.write({"step": "done"})
            with self.assertRaises(UserError):
                rows.unlink()

    # ------------------------------------------------------------------
    # Forms, lists, searches
    # ------------------------------------------------------------------

    def arch(self, view_type, model="res.partner", xmlid=None):
        view = self.env.ref(xmlid).id if xmlid else None
        return etree.fromstring(self.env[model].get_view(view, view_type)["arch"])

    def test_leaves_forms_lists_and_kanbans(self):
        views = [
            ("form", "res.partner", "base.view_partner_form"),
            ("list", "res.partner", None),
            ("kanban", "res.partner", None),
            ("form", "res.users", None),
            ("form", "res.users", "base.view_users_form_simple_modif"),
        ]
        before = {view: self.arch(*view[:2], view[2]) for view in views}
        self.remove()
        for view in views:
            hidden = "column_invisible" if view[0] == "list" else "invisible"
            nodes = self.arch(*view[:2], view[2]).xpath("//field[@name='phone']")
            shown = before[view].xpath("//field[@name='phone']")
            with self.subTest(view=view):
                # the nodes stay, since expressions of the view may use the field
                self.assertGreaterEqual(len(nodes), len(shown))
                for node in nodes:
                    attribute = self._hidden_by(node, hidden)
                    self.assertIn(node.get(attribute), ("1", "True"))

    def _hidden_by(self, node, attribute):
        """Embedded lists hide columns, whatever view they are in."""
        for ancestor in node.iterancestors():
            if ancestor.tag in ("list", "form", "kanban"):
                return "column_invisible" if ancestor.tag == "list" else "invisible"
        return attribute

    def test_embedded_contacts_lose_it_too(self):
        path = "//field[@name='child_ids']//field[@name='phone']"
        form = "form", "res.partner", "base.view_partner_form"
        self.assertTrue(self.arch(*form).xpath(path))
        self.remove()
        for node in self.arch(*form).xpath(path):
            self.assertEqual(node.get(self._hidden_by(node, "invisible")), "1")

    def test_forms_send_no_value(self):
        self.remove()
        with Form(self.ann) as form, self.assertRaisesRegex(AssertionError, "readonly"):
            form.phone = "2"
        with Form(self.env["res.partner"].with_context(default_phone="1")) as form:
            form.name = "New"
        self.assertFalse(form.record.phone)

    def make_view(self, arch, model="res.partner"):
        return self.env["ir.ui.view"].create(
            {"name": "test", "model": model, "arch": arch}
        )

    def test_required_field_does_not_block_the_form(self):
        view = self.make_view(
            """<form><field name="name" /><label for="phone" />
            <field name="phone" required="1" /><div invisible="phone" /></form>"""
        )
        self.remove()
        arch = etree.fromstring(self.env["res.partner"].get_view(view.id)["arch"])
        [node] = arch.xpath("//field[@name='phone']")
        self.assertEqual((node.get("invisible"), node.get("required")), ("1", None))
        self.assertEqual(arch.find(".//label").get("invisible"), "1")
        self.assertTrue(arch.xpath("//div[@invisible='phone']"))
        with Form(self.env["res.partner"], view) as form:
            form.name = "New"

    def test_tab_without_anything_else_goes_too(self):
        self.remove(self.make_data_purpose("comment"))
        arch = self.arch("form", xmlid="base.view_partner_form")
        shown = [
            page.get("name")
            for page in arch.iter("page")
            if page.get("invisible") not in ("1", "True")
        ]
        self.assertNotIn("internal_notes", shown)
        self.assertIn("contact_addresses", shown)

    def test_leaves_searches(self):
        """Fields and filters go; a search in several fields at once stays."""
        view = self.make_view(
            """<search>
            <field name="name" filter_domain="['|', ('name', 'ilike', self),
                                               ('phone', 'ilike', self)]" />
            <field name="phone" />
            <filter name="with" string="1" domain="[('phone', '!=', False)]" />
            <filter name="mine" string="2"
                    domain="[('user_id', '=', uid), ('phone', '!=', 0)]" />
            <filter name="by" string="3" context="{'group_by': 'phone'}" />
            <filter name="kept" string="4" domain="[('city', '=', 'phone')]" />
            <filter name="kept_by" string="5" context="{'group_by': 'city'}" />
            <searchpanel><field name="category_id" /></searchpanel>
            </search>"""
        )
        self.remove()
        arch = etree.fromstring(
            self.env["res.partner"].get_view(view.id, "search")["arch"]
        )
        names = [node.get("name") for node in arch.iter("field", "filter")]
        self.assertEqual(names, ["name", "kept", "kept_by", "category_id"])

    def test_date_filters_and_panels_go(self):
        industry = self.make_data_purpose("industry_id")
        birthday = self.make_field()
        born = self.env["consent.purpose"].create(
            {"name": "Born", "kind": "data", "field_id": birthday.id}
        )
        view = self.make_view(
            """<search><field name="name" />
            <filter name="born" string="1" date="x_birthday" />
            <filter name="by" string="2" context="{'group_by': 'x_birthday:month'}" />
            <searchpanel><field name="industry_id" /></searchpanel>
            </search>"""
        )
        self.remove(industry)
        self.remove(born)
        arch = etree.fromstring(
            self.env["res.partner"].get_view(view.id, "search")["arch"]
        )
        names = [node.get("name") for node in arch.iter("field", "filter")]
        self.assertEqual(names, ["name"])

    def test_other_models_keep_their_own_field_of_that_name(self):
        self.remove()
        nodes = self.arch("form", "res.company").xpath("//field[@name='phone']")
        self.assertTrue(nodes)
        self.assertFalse(any(node.get("invisible") == "1" for node in nodes))

    def test_not_offered_for_search_order_groups_export(self):
        offers = ("searchable", "sortable", "groupable", "exportable")
        for model in ("res.partner", "res.users"):
            described = self.env[model].fields_get(["phone"])["phone"]
            self.assertTrue(all(described[name] for name in offers))
        self.remove()
        for model in ("res.partner", "res.users"):
            described = self.env[model].fields_get(["phone", "city"])
            with self.subTest(model=model):
                self.assertFalse(any(described["phone"][name] for name in offers))
                self.assertTrue(described["phone"]["readonly"])  # for the import
                self.assertTrue(all(described["city"][name] for name in offers))
            only = self.env[model].fields_get(["phone"], ["string", "sortable"])
            self.assertEqual(set(only["phone"]), {"string", "sortable"})
        tree = self.env["base_import.import"].get_fields_tree("res.partner")
        self.assertNotIn("phone", [field["name"] for field in tree])

    # ------------------------------------------------------------------
    # Erasing
    # ------------------------------------------------------------------

    def make_history(self, contact):
        message = contact.message_post(body="changed")
        return self.env["mail.tracking.value"].create(
            {
                "field_id": self.phone.id,
                "mail_message_id": message.id,
                "old_value_char": "0",
                "new_value_char": "1",
            }
        )

    def test_erased_on_every_contact(self):
        """Archived ones, companies, duplicates, whatever was answered; the history
        too, also where no value is left."""
        self.answer(self.ann, self.deleted, "granted")
        archived = self.make_contact("Archived", phone="2", active=False)
        firm = self.make_contact("Firm", phone="3", is_company=True)
        double = self.make_contact("Double", phone="4")
        double._privacy_set_status("duplicate", "test")
        empty = self.make_contact("Empty")
        history = self.make_history(self.ann) | self.make_history(empty)
        removal = self.remove()
        self.assertEqual(removal.total, self.phones())
        self.erase()
        self.assertEqual(self.phones(), 0)
        contacts = self.ann | archived | firm | double
        self.assertEqual(contacts.mapped("phone"), [False] * 4)
        self.assertFalse(history.exists())
        self.assertEqual(
            (removal.step, removal.remaining, removal.progress), ("done", 0, 100)
        )
        self.assertFalse(self.env["res.partner"].search([("phone", "!=", False)]))

    def test_numbers_and_references_are_erased(self):
        for name, value in (
            ("partner_latitude", 1.5),
            ("country_id", self.belgium.id),
            ("comment", "<p>Likes bread</p>"),
        ):
            contact = self.make_contact(f"With {name}", **{name: value})
            self.remove(self.make_data_purpose(name))
            self.erase()
            with self.subTest(field=name):
                self.assertFalse(contact[name])

    def test_stored_copies_follow(self):
        company = self.env.company
        company.phone = "5"
        self.remove()
        self.erase()
        self.assertFalse(company.phone)

    def test_erasing_makes_no_contact_the_last_modified(self):
        self.remove()
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET write_date = '2020-01-01'")
        self.env.invalidate_all()
        self.erase()
        self.assertEqual(self.ann.write_date.year, 2020)

    def test_batches_with_progress(self):
        """A batch at a time; what is left shows on the field."""
        self.env["res.partner"].create(
            [{"name": f"C{i}", "phone": str(i)} for i in range(10)]
        )
        removal = self.remove()
        total = removal.total
        with patch.object(privacy_removal_run, "BATCH_SIZE", 4):
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                removal.with_env(self.env(cr=cr))._advance()
            removal = self.removal()
            self.assertEqual(self.phones(), total - 4)
            self.assertEqual((removal.seen, removal.remaining), (4, total - 4))
            line = self.line(self.phone)
            self.assertEqual((line.state, line.value_count), ("erasing", total - 4))
            self.assertGreater(line.progress, 0)
            self.erase()
        self.assertEqual(self.phones(), 0)
        self.assertEqual(self.line(self.phone).state, "removed")
        progress = self.env["ir.cron.progress"].search(
            [("cron_id", "=", self.cron.id)], order="id desc"
        )
        # a slow machine needs more than one call
        self.assertGreaterEqual(sum(progress.mapped("done")), total - 4)
        self.assertEqual(progress[0].remaining, 0)

    def test_erasing_takes_a_constant_number_of_queries(self):
        removal = self.remove()
        self.erase()

        def advance(number):
            contacts = self.env["res.partner"].create(
                [{"name": "C"} for _i in range(number)]
            )
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE res_partner SET phone = '1' WHERE id = ANY(%s)", [contacts.ids]
            )
            removal._set({"step": "values", "position": 0})
            self.env.invalidate_all()
            with patch.object(type(removal), "_commit", lambda self, done: done):
                before = self.env.cr.sql_log_count
                self.assertEqual(removal._advance(), number)
                self.env.flush_all()
                return self.env.cr.sql_log_count - before

        advance(1)  # fills the caches
        self.assertEqual(advance(2), advance(200))

    def test_a_field_that_cannot_be_erased_holds_up_no_other(self):
        """JOB-4: it is marked with the reason, and tried again by the next call."""
        names = ("phone", "function", "website")
        purposes = [self.deleted, *map(self.make_data_purpose, names[1:])]
        self.make_contact("Bea", **dict.fromkeys(names, "1"))
        removals = [self.remove(purpose) for purpose in purposes]
        self.env.cr.execute(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE OF function ON res_partner
               FOR EACH ROW EXECUTE FUNCTION refuse();
            """
        )
        with mute_logger("odoo.sql_db", JOB):
            self.erase()
        steps = [removal.step for removal in removals]
        self.assertEqual(steps, ["done", "done", "done"])
        reasons = [removal.failure for removal in removals]
        self.assertEqual(reasons, [False, ANY, False])
        self.assertIn("could not be done", reasons[1])
        self.assertFalse(removals[1]._is_erased())
        self.env.cr.execute("DROP TRIGGER refuse ON res_partner")
        self.erase()
        self.assertEqual((removals[1].step, removals[1].failure), ("done", False))
        self.assertTrue(removals[1]._is_erased())

    def test_value_that_slips_in_is_found(self):
        """A transaction that was running may store a value behind the position."""
        removal = self.remove()
        self.erase()
        # raw SQL, as a write that began before the confirmation
        self.env.cr.execute(
            "UPDATE res_partner SET phone = '1' WHERE id = %s", [self.ann.id]
        )
        history = self.make_history(self.ann)
        self.env.invalidate_all()
        self.assertEqual(removal.step, "done")
        with self.assertRaisesRegex(UserError, "still being erased"):
            self.line(self.phone).action_bring_back()
        self.erase()
        self.assertEqual((self.phones(), removal.step), (0, "done"))
        self.assertFalse(history.exists())

    def test_it_is_looked_at_again_soon_and_daily(self):
        self.assertEqual(
            (self.cron.interval_number, self.cron.interval_type), (1, "days")
        )
        self.remove()
        triggers = [("cron_id", "=", self.cron.id)]
        at_once = self.env["ir.cron.trigger"].search(triggers)
        before = fields.Datetime.now()
        self.assertLessEqual(at_once.call_at, before)
        self.erase()
        later = self.env["ir.cron.trigger"].search(triggers) - at_once
        self.assertGreater(later.call_at, before + timedelta(minutes=4))

    def test_daily_run_goes_on_beside_it(self):
        """The consent is archived: nobody is asked for it, whatever is erased."""
        self.remove()
        daily = self.env.ref("privacy_guard.ir_cron_daily_requests")
        with self.enter_registry_test_mode():
            daily.method_direct_trigger()
        self.assertEqual(self.value(self.ann, self.deleted), "applicable")
        self.erase()
        self.assertEqual(self.phones(), 0)

    # ------------------------------------------------------------------
    # Bringing back
    # ------------------------------------------------------------------

    def test_officer_brings_the_field_back_empty(self):
        removal = self.remove()
        with self.assertRaisesRegex(UserError, "still being erased"):
            self.line(self.phone).action_bring_back()
        self.erase()
        self.line(self.phone).action_bring_back()
        self.assertFalse(self.phone.privacy_removed)
        self.assertEqual(removal.returned_by_id, self.officer)
        self.assertFalse(self.ann.phone)
        self.ann.phone = "2"
        self.assertEqual(self.ann.phone, "2")
        self.assertTrue(
            self.env["res.partner"].fields_get(["phone"])["phone"]["sortable"]
        )
        arch = self.arch("form", xmlid="base.view_partner_form")
        node = arch.find(".//field[@name='phone']")
        self.assertNotEqual(node.get("invisible"), "1")
        self.assertFalse(self.line(self.phone).state)
        # the consent may be switched on again, and deleted again
        self.deleted.active = True
        self.remove()
        self.erase()
        self.assertEqual(self.phones(), 0)
        self.assertEqual(len(self.env["privacy.removal"].search([])), 2)

    def test_others_do_not_bring_it_back(self):
        self.remove()
        self.erase()
        for number, groups in enumerate(
            ("base.group_user", "privacy_guard.group_privacy_user", "base.group_system")
        ):
            user = self.make_user(f"{number}_role", groups)
            with self.subTest(groups=groups), self.assertRaises(AccessError):
                self.phone.with_user(user)._privacy_bring_back()
        self.assertTrue(self.phone.privacy_removed)

    def test_custom_field_and_its_removal(self):
        """A custom field may be deleted for good afterwards."""
        custom = self.make_field("x_pet", "char")
        custom.privacy_sensitive = True
        contact = self.make_contact("Owner", x_pet="Dog")
        removal = self.remove(self.purpose(custom))
        self.erase()
        self.assertFalse(contact.x_pet)
        custom.unlink()
        self.assertEqual((removal.field_name, removal.label), ("x_pet", "Pet"))

    def test_field_deleted_before_it_is_erased(self):
        """Its column is gone: nothing is left to do, and nothing waits for it."""
        custom = self.make_field("x_pet", "char")
        custom.privacy_sensitive = True
        self.make_contact("Owner", x_pet="Dog")
        removal = self.remove(self.purpose(custom))
        custom.unlink()
        self.erase()
        self.assertEqual((removal.step, removal.field_name), ("values", "x_pet"))
        progress = self.env["ir.cron.progress"].search(
            [("cron_id", "=", self.cron.id)], order="id desc", limit=1
        )
        self.assertEqual(progress.remaining, 0)

    def test_lines_of_a_company_do_not_pass(self):
        self.remove()
        firm = self.make_contact("Firm", is_company=True)
        with self.assertRaises(UserError):
            firm.write({"child_ids": [Command.create({"name": "Child", "phone": "1"})]})
