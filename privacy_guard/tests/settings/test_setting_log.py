from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...models.settings.res_config_settings import PARAMETERS
from ..common import PrivacyCommon

KEY = "privacy_guard.enabled"


@tagged("post_install", "-at_install")
class TestSettingLog(PrivacyCommon):
    """ROL-3: whatever protects people is not switched off in silence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(cls.env, "settler", "base.group_system")
        cls.officer = new_test_user(
            cls.env, "officer", "privacy_guard.group_privacy_officer"
        )
        cls.parameters = cls.env["ir.config_parameter"].with_user(cls.admin)
        cls.before = cls.env["privacy.setting.log"].search([], limit=1).id

    def lines(self):
        """:return: list of (key, from, to, who, why), first change first"""
        lines = self.env["privacy.setting.log"].search([("id", ">", self.before)])
        return [
            (line.key, line.value_from, line.value_to, line.user_id, line.reason)
            for line in lines.sorted("id")
        ]

    def told(self, user):
        """:return: what was written to a user"""
        messages = self.env["mail.message"].search(
            [("notified_partner_ids", "in", user.partner_id.ids)]
        )
        return [
            message.body for message in messages if "switched" in str(message.subject)
        ]

    def test_the_button_asks_for_a_reason(self):
        wizard = self.env["privacy.disable"].with_user(self.admin)
        with self.assertRaises(UserError):
            wizard.create({"reason": "  "}).action_disable()
        self.assertTrue(self.env["privacy.gate"]._is_enabled())
        wizard.create({"reason": "The new server"}).action_disable()
        self.assertFalse(self.env["privacy.gate"]._is_enabled())
        line = (KEY, "True", "False", self.admin, "The new server")
        self.assertEqual(self.lines(), [line])
        [body] = self.told(self.officer)
        self.assertIn(self.admin.name, body)
        self.assertIn("Reason: The new server", body)

    def test_enabled_again_all_answers_are_as_they_were(self):
        """PRE-1: switched off, nothing is locked or lost; enabled again, all of it
        holds again."""
        phone = self.make_data_purpose("phone")
        news = self.make_purpose()
        people = [self.make_contact(name, phone="1") for name in ("Ann", "Ben", "Cem")]
        ann, ben, cem = people
        self.ask(ann, phone)
        self.answer(ben, phone, "refused")
        self.answer(cem, news, "granted")
        self.env.flush_all()

        def state():
            self.env.invalidate_all()
            return [
                (self.value(person, purpose), self.consent(person, purpose).answer)
                for person in people
                for purpose in (phone, news)
            ]

        before = state()
        wizard = self.env["privacy.disable"].with_user(self.admin)
        wizard.create({"reason": "A test"}).action_disable()
        ben.phone = "2"
        self.assertEqual(state(), before)
        again = (
            self.env["consent.prerequisites"]
            .with_user(self.admin)
            .create(
                {
                    "from_name": "Us",
                    "from_email": "us@example.com",
                    "approve_duplicates": True,
                    "approve_refusal": True,
                }
            )
        )
        again.action_enable()
        self.assertTrue(self.env["privacy.gate"]._is_enabled())
        self.assertEqual(state(), before)
        with self.assertRaises(UserError):
            ben.phone = "3"

    def test_the_button_is_for_who_may_change_settings(self):
        wizard = self.env["privacy.disable"].sudo().create({"reason": "x"})
        with self.assertRaises(AccessError):
            wizard.with_user(self.officer).sudo().action_disable()
        with self.assertRaises(AccessError):
            self.env["privacy.disable"].with_user(self.officer).create({"reason": "x"})

    def test_each_way_past_the_button_is_logged_and_told(self):
        row = self.parameters.search([("key", "=", KEY)])
        for way in (
            lambda: self.parameters.set_param(KEY, "False"),
            lambda: self.parameters.set_param(KEY, False),
            lambda: row.write({"value": "no"}),
            lambda: row.write({"key": "privacy_guard.nothing"}),
            lambda: row.unlink(),
            lambda: self.env["ir.config_parameter"].sudo().set_param(KEY, "0"),
        ):
            with self.env.cr.savepoint() as savepoint:
                way()
                self.assertFalse(self.env["privacy.gate"]._is_enabled())
                keys = [line[:2] for line in self.lines()]
                self.assertIn((KEY, "True"), keys)
                [body] = self.told(self.officer)
                self.assertIn("No reason was given", body)
                savepoint.rollback()
            self.env.invalidate_all()
            self.env.registry.clear_cache("stable")

    def test_officers_are_told_in_their_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.officer.lang = "de_DE"
        self.env["privacy.gate"]._disable("Wartung")
        messages = self.env["mail.message"].search(
            [("notified_partner_ids", "in", self.officer.partner_id.ids)]
        )
        self.assertIn("Grund: Wartung", messages.mapped("body")[0])

    def test_switching_on_catches_up_and_tells_nobody(self):
        purpose = self.make_data_purpose("phone")
        self.env["privacy.gate"]._disable("x")
        purpose.to_enforce = False
        told = len(self.told(self.officer))
        self.parameters.set_param(KEY, "True")
        self.assertTrue(purpose.to_enforce)
        self.assertEqual(len(self.told(self.officer)), told)
        self.assertEqual(self.lines()[-1][:3], (KEY, "False", "True"))

    def test_every_setting_is_logged_and_what_stays_is_not(self):
        for name in PARAMETERS:
            key = f"privacy_guard.{name.removeprefix('privacy_')}"
            self.env["ir.config_parameter"].set_param(key, False)
        before = len(self.lines())
        settings = self.env["res.config.settings"].with_user(self.admin)
        settings.create({}).execute()
        self.assertEqual(self.lines()[before:], [])
        values = {"privacy_marketing_opt_in": "double", "privacy_withhold_days": 7}
        settings.create(values).execute()
        self.assertEqual(
            self.lines()[before:],
            [
                ("privacy_guard.marketing_opt_in", False, "double", self.admin, False),
                ("privacy_guard.withhold_days", False, "7", self.admin, False),
            ],
        )

    def test_the_list_speaks_as_the_settings_do(self):
        self.parameters.set_param("privacy_guard.marketing_opt_in", "double")
        self.parameters.set_param("mail.restrict.template.rendering", False)
        self.parameters.set_param("mail.restrict.template.rendering", "True")
        self.env["privacy.gate"]._disable("x")
        lines = self.env["privacy.setting.log"].search(
            [("id", ">", self.before), ("value_to", "!=", False)]
        )
        self.assertEqual(
            [(line.setting, line.shown_to) for line in lines.sorted("id")],
            [
                ("Who may get marketing mail", "Double opt-in only"),
                ("Restrict Template Rendering", "On"),
                ("Enable consents", "Off"),
            ],
        )

    def test_so_is_what_masks_rest_on_and_nothing_else_of_odoo(self):
        self.parameters.set_param("mail.restrict.template.rendering", "True")
        self.parameters.set_param("mail.restrict.template.rendering", False)
        self.parameters.set_param("web.base.url", "https://example.com")
        keys = {line[0] for line in self.lines()}
        self.assertEqual(keys, {"mail.restrict.template.rendering"})

    def test_so_is_what_else_protects_and_nothing_of_others(self):
        """Record rules, access rights, groups, jobs and views: on, off, and changed,
        from whichever side, by superuser code as well."""
        ref = self.env.ref
        rule = self.env["ir.rule"].search([("model_id.model", "=", "consent.record")])
        access = ref("privacy_guard.access_consent_evidence_officer")
        officers = ref("privacy_guard.group_privacy_officer")
        page = ref("privacy_guard.preferences_page")
        users, cron = ref("base.group_user"), "privacy_guard.ir_cron_daily_requests"
        code = {"arch_db": page.arch_db.replace("<h1", "<h2").replace("h1>", "h2>")}
        ways = {
            "ir.rule": (rule[0], {"active": False}),
            "ir.model.access": (access, {"perm_write": True}),
            "res.groups": (users, {"implied_ids": [Command.link(officers.id)]}),
            "ir.cron": (ref(cron), {"active": False}),
            "ir.ui.view": (page, code),
        }
        for model, (row, values) in ways.items():
            before = len(self.lines())
            row.with_user(self.admin).sudo().write(values)
            row.write({name: row[name] for name in values if name in ("active",)})
            with self.subTest(model):
                [(key, former, new, user, _reason)] = self.lines()[before:]
                self.assertTrue(key.startswith(f"{model} "), key)
                self.assertNotEqual(former, new)
                self.assertEqual(user, self.admin)
        before = len(self.lines())
        officers.rule_groups |= rule[-1]
        self.assertEqual(len(self.lines()) - before, 1)
        others = self.env["ir.rule"].search([("model_id.model", "=", "res.users")])
        others.active = False
        ref("base.view_partner_form").priority = 5
        self.assertEqual(len(self.lines()) - before, 1)

    def test_nobody_edits_the_log(self):
        self.env["privacy.gate"]._disable("x")
        line = self.env["privacy.setting.log"].search([], limit=1)
        for attempt in (
            lambda: line.write({"reason": "y"}),
            line.unlink,
            lambda: line.create({"key": KEY}),
        ):
            with self.assertRaises(UserError):
                attempt()
        self.assertTrue(line.with_user(self.officer).reason)
        with self.assertRaises(AccessError):
            line.with_user(self.admin).read(["reason"])
