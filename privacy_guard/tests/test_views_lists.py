import contextlib

from lxml import etree
from odoo.exceptions import AccessError, MissingError
from odoo.tests import new_test_user, tagged

from .common import PrivacyCommon


@tagged("post_install", "-at_install")
class TestViewsLists(PrivacyCommon):
    """Lists, groupings and filters, and what each role is shown."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purpose = cls.make_purpose(
            name="Offers", condition="[('name', 'like', 'Listed')]"
        )
        cls.belgian = cls.make_contact("Listed Belgian", country_id=cls.belgium.id)
        cls.italian = cls.make_contact("Listed Italian", country_id=cls.italy.id)
        cls.silent = cls.make_contact("Listed Silent", email=False)
        cls.internal = new_test_user(cls.env, "internal", groups="base.group_user")
        cls.user = new_test_user(
            cls.env, "privacy_user", groups="privacy_guard.group_privacy_user"
        )

    def report(self, *domain):
        return self.env["consent.report"].search(
            [("purpose_id", "=", self.purpose.id), *domain]
        )

    def test_consents_by_country(self):
        self.answer(self.belgian, self.purpose, "granted")
        groups = (
            self.env["consent.report"]
            .with_user(self.user)
            ._read_group(
                [("purpose_id", "=", self.purpose.id)],
                ["country_id", "value"],
                ["__count"],
            )
        )
        self.assertIn((self.belgium.with_user(self.user), "granted", 1), groups)
        self.assertIn((self.italy.with_user(self.user), "applicable", 1), groups)

    def test_the_list_costs_the_same_for_any_number(self):
        model = self.env["consent.report"].with_user(self.user)
        fields = ["partner_id", "purpose_id", "value", "country_id"]
        domain = [("purpose_id", "=", self.purpose.id)]
        counts = []
        for turn in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            model.search_read(domain, fields)
            counts.append(self.cr.sql_log_count - before)
            for number in range(20):
                name = f"Listed number {turn}.{number}"
                self.make_contact(name, email=f"{turn}.{number}@example.com")
        self.assertLessEqual(counts[1], counts[0])

    def test_a_line_leads_on_from_where_one_came(self):
        """The list of all leads to the person; that of the person, as each line of the
        block on them, to the consent: what was shown, and what happened."""
        self.answer(self.belgian, self.purpose, "granted")
        line = self.report(("res_id", "=", self.belgian.id)).with_user(self.user)
        action = line.action_open_subject()
        self.assertEqual(action["res_model"], "res.partner")
        action = line.with_context(privacy_of_person=True).action_open_subject()
        consent = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(consent, self.consent(self.belgian, self.purpose))
        consent = consent.with_user(self.user)
        self.assertEqual(consent.notice_text, self.purpose.text)
        self.assertEqual(consent.event_ids, self.belgian.consent_event_ids)
        with self.assertRaises(AccessError):
            consent.with_user(self.internal).read(["event_ids"])

    def test_cannot_be_asked_says_why(self):
        self.assertEqual(
            self.report(("ineligibility", "!=", False)).partner_id, self.silent
        )
        self.assertEqual(
            self.report(("ineligibility", "!=", False)).ineligibility, "no_address"
        )
        self.env["mail.blacklist"]._add(self.italian.email)
        listed = self.report(("ineligibility", "=", "blacklisted"))
        self.assertEqual(listed.partner_id, self.italian)
        self.purpose.active = False
        self.assertFalse(self.report(("ineligibility", "!=", False)))

    def test_filters_of_contacts(self):
        self.ask(self.belgian, self.purpose)
        self.answer(self.italian, self.purpose, "refused")
        arch = self.env["res.partner"].get_view(
            self.env.ref("base.view_res_partner_filter").id, "search"
        )["arch"]
        filters = {
            node.get("name"): node.get("domain")
            for node in etree.fromstring(arch).iter("filter")
        }
        expected = {
            "consent_waiting": self.belgian,
            "consent_refused": self.italian,
            "consent_cannot_be_asked": self.silent,
        }
        partners = self.env["res.partner"].with_user(self.internal)
        for name, contact in expected.items():
            with self.subTest(filter=name):
                domain = [("name", "like", "Listed")]
                # the domain is ours, from the view above
                domain += eval(filters[name])  # noqa: S307
                self.assertEqual(partners.search(domain), contact)
        self.assertTrue(self.silent.cannot_be_asked)
        self.assertFalse(self.belgian.cannot_be_asked)

    def test_each_role_gets_its_part_of_the_form(self):
        view = self.env.ref("base.view_partner_form").id
        officer = new_test_user(
            self.env, "officer", groups="privacy_guard.group_privacy_officer"
        )
        expected = {
            self.internal: (True, True, False, False, False),
            self.user: (True, True, True, False, False),
            officer: (True, True, True, True, True),
        }
        for user, shown in expected.items():
            arch = self.env["res.partner"].with_user(user).get_view(view, "form")
            arch = etree.fromstring(arch["arch"])
            found = tuple(
                bool(arch.xpath(path))
                for path in (
                    "//div[contains(., 'marked as a duplicate')]",
                    "//field[@name='consent_ids']",
                    "//field[@name='consent_event_ids'][not(@invisible='True')]",
                    "//button[@string='Record an answer']",
                    "//button[@string='Reopen']",
                )
            )
            with self.subTest(user=user.login):
                self.assertEqual(found, shown)

    def test_menus_by_role(self):
        menu = self.env.ref("privacy_guard.privacy_guard_menu")
        settings = self.env.ref("privacy_guard.res_config_settings_menu")
        for user, app, configuration in (
            (self.internal, False, False),
            (self.user, True, False),
            (self.env.ref("base.user_admin"), True, True),
        ):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            with self.subTest(user=user.login):
                self.assertEqual(menu.id in visible, app)
                self.assertEqual(settings.id in visible, configuration)


@tagged("post_install", "-at_install")
class TestEveryModel(PrivacyCommon):
    """What any client can ask of each of our models answers, or says that there is no
    such row."""

    def own(self):
        for name, model in self.env.items():
            if name.startswith(("consent.", "privacy.")) and not model._abstract:
                yield model

    def test_a_row_that_there_is_not(self):
        for model in self.own():
            for id_ in (0, 2**31 - 1):
                with self.subTest(model=model._name, id=id_):
                    with contextlib.suppress(MissingError, AccessError):
                        model.browse([id_]).read()

    def test_search_and_order_by_whatever_is_offered(self):
        for model in self.own():
            with self.subTest(model=model._name):
                model.name_search("x")
            described = model.fields_get(attributes=["searchable", "sortable", "type"])
            for name, field in described.items():
                with self.subTest(model=model._name, field=name):
                    if field["sortable"]:
                        model.search([], order=f"{name} desc", limit=1)
                    if field["searchable"] and field["type"] != "binary":
                        model.search([(name, "=", False)], limit=1)
                        model.search([(name, "!=", False)], limit=1)
                    if field["searchable"] and field["type"] in ("char", "text"):
                        model.search([(name, "ilike", "x")], limit=1)
                        model.search([(name, "not ilike", "x")], limit=1)
