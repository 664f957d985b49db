from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...constants import OFFICER
from ...models.gate.privacy_gate_controls import OWN
from ...models.settings.privacy_logged_mixin import MODULE
from ...models.settings.res_config_settings import PARAMETERS
from ..common import PrivacyCommon

KEY = "privacy_guard.enabled"
PAGE = "privacy_guard.preferences_page"
# of what came with us: what Odoo makes of the code whenever it loads it, and names and
# numbers
NOT_LOGGED = {
    "ir.model",
    "ir.model.constraint",
    "ir.model.fields",
    "ir.model.fields.selection",
    "ir.model.inherit",
    "ir.model.relation",
    "ir.module.category",
    "ir.module.module",
    "ir.sequence",
    "res.groups.privilege",
}


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

    def test_so_is_what_masks_and_links_rest_on_and_nothing_else_of_odoo(self):
        self.parameters.set_param("mail.restrict.template.rendering", "True")
        self.parameters.set_param("mail.restrict.template.rendering", False)
        self.parameters.set_param("mail.default.from", "somebody")
        for key in ("web.base.url", "database.uuid", "database.secret", "sms.endpoint"):
            self.parameters.set_param(key, "https://example.com")
        self.parameters.set_param("web.base.url.freeze", "True")
        lines = {line[0]: line[2] for line in self.lines()}
        self.assertEqual(
            lines,
            {
                "mail.restrict.template.rendering": False,
                "web.base.url": "https://example.com",
                "web.base.url.freeze": "True",
                "database.uuid": "https://example.com",
                "sms.endpoint": "https://example.com",
                "database.secret": "***",
            },
        )

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
        others = self.env["ir.rule"].search([("model_id.model", "=", "res.bank")])
        others += others.create(
            {"name": "x", "model_id": self.env["ir.model"]._get_id("res.country")}
        )
        others.active = False
        ref("base.view_partner_form").priority = 5
        self.assertEqual(len(self.lines()) - before, 1)

    def assertLogged(self, what, change, key, *, count=1):
        """That a change leaves so many lines about what, by whoever did it."""
        before = len(self.lines())
        with self.subTest(what), self.env.cr.savepoint() as savepoint:
            change()
            lines = self.lines()[before:]
            self.assertEqual(len(lines), count, lines)
            for line in lines:
                self.assertTrue(line[0].startswith(key), line[0])
                self.assertNotEqual(line[1], line[2])
            savepoint.rollback()
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()

    def test_so_is_a_group_that_gets_our_rights_whatever_the_way(self):
        groups = self.env["res.groups"].with_user(self.admin)
        officers = groups.env.ref("privacy_guard.group_privacy_officer")
        users = groups.env.ref("privacy_guard.group_privacy_user")
        near, far = groups.create([{"name": "Near"}, {"name": "Far"}])
        self.assertFalse(self.lines())
        link, unlink = Command.link, Command.unlink
        for group in (officers, users):
            # whatever else it is called, and its members have
            group.env["ir.model.data"].create(
                {
                    "module": "a",
                    "name": f"group_{group.id}",
                    "model": group._name,
                    "res_id": group.id,
                }
            )
            self.assertLogged(
                "from our side",
                lambda group=group: group.write({"implied_by_ids": [link(near.id)]}),
                "res.groups privacy_guard.",
            )
        near.implied_ids = users
        for what, change in {
            "a long way": lambda: far.write({"implied_ids": [link(near.id)]}),
            "its other end": lambda: near.write({"implied_by_ids": [link(far.id)]}),
            "back": lambda: users.write({"implied_by_ids": [unlink(near.id)]}),
            "new": lambda: groups.create({"name": "x", "implied_ids": users.ids}),
            "deleted": near.unlink,
        }.items():
            self.assertLogged(what, change, "res.groups ")
        self.assertLogged("of others", lambda: far.write({"name": "y"}), "", count=0)

    def test_so_is_what_our_protection_rests_on(self):
        """What keeps companies apart, the secret that signs links, and the jobs by
        which mail leaves are Odoo's; without them ours is none."""
        ref, users = self.env.ref, self.env.ref("base.group_user")
        for xmlid, values in {
            "base.res_partner_rule": {"active": False},
            "base.autovacuum_job": {"active": False},
            "mail.ir_cron_mail_scheduler_action": {"nextcall": "2199-01-01 00:00:00"},
            "privacy_guard.consent_proof_report": {"attachment_use": True},
        }.items():
            row = ref(xmlid).with_user(self.admin)
            self.assertLogged(
                xmlid, lambda row=row, values=values: row.write(values), row._name
            )
        rights = self.env["ir.model.access"].with_user(self.admin)
        for name in ("ir.config_parameter", "res.partner", "ir.rule", "mail.message"):
            values = {
                "name": "x",
                "model_id": self.env["ir.model"]._get_id(name),
                "group_id": users.id,
                "perm_read": True,
            }
            self.assertLogged(
                name, lambda values=values: rights.create(values), "ir.model.access x"
            )

    def test_so_is_what_jobs_run_and_when(self):
        cron = self.env.ref("privacy_guard.ir_cron_daily_requests")
        cron = cron.with_user(self.admin)
        for name, value in {
            "nextcall": "2199-01-01 00:00:00",
            "user_id": self.admin.id,
            "priority": 9,
        }.items():
            self.assertLogged(
                name, lambda v=(name, value): cron.write(dict([v])), "ir.cron "
            )
        for row in (cron, cron.ir_actions_server_id):
            self.assertLogged(
                row._name, lambda row=row: row.write({"code": "pass"}), "ir.actions."
            )
        before = len(self.lines())
        settings = self.env["res.config.settings"].with_user(self.admin)
        planned = cron.nextcall
        settings.create({"privacy_send_hour": 3.25}).execute()
        self.assertNotEqual(cron.nextcall, planned)
        [line] = self.lines()[before:]
        self.assertEqual(line[0], "privacy_guard.send_hour")

    def test_so_is_what_shows_or_hides_the_log(self):
        ref = self.env.ref
        self.env["res.lang"]._activate_lang("de_DE")
        action = ref("privacy_guard.privacy_setting_log_action")
        menu = self.env["ir.ui.menu"].search(
            [("action", "=", f"{action._name},{action.id}")]
        )
        officers, page = ref(OFFICER), ref("privacy_guard.preferences_page")
        term = next(iter(page._fields["arch_db"].get_trans_terms(page.arch_db)))
        german = {"de_DE": {term: "Etwas anderes"}}
        arch = page.arch_db.replace(term, "Etwas anderes", 1)
        officers.menu_access |= menu
        view = {"act_window_id": action.id, "view_mode": "form"}
        everybody = {"name": "None", "model_id": "privacy.setting.log"}
        for row, values in (
            (action, {"domain": "[(0, '=', 1)]"}),
            (action, {"context": "{'search_default_enabled': 1}"}),
            (menu, {"active": False}),
            (menu, {"parent_id": ref("base.menu_administration").id}),
            (menu, {"group_ids": ref("base.group_system").ids}),
            (page, {"priority": 99}),
            (page, {"key": "other.page"}),
            (page.with_context(lang="de_DE"), {"arch_db": arch}),
        ):
            row = row.with_user(self.admin)
            self.assertLogged(
                values, lambda row=row, values=values: row.write(values), row._name
            )
        views, filters = self.env["ir.actions.act_window.view"], self.env["ir.filters"]
        unlink = [Command.unlink(menu.id)]
        for key, change in {
            "ir.ui.menu": lambda: officers.write({"menu_access": unlink}),
            "ir.ui.view": lambda: page.update_field_translations("arch_db", german),
            "ir.actions.act_window.view": lambda: views.create(view),
            "ir.filters": lambda: filters.create({**everybody, "user_ids": False}),
        }.items():
            self.assertLogged(key, change, f"{key} ")
        own = {**everybody, "user_ids": self.officer.ids}
        self.assertLogged("own", lambda: filters.create(own), "", count=0)

    def test_so_is_how_mail_leaves_and_what_it_says(self):
        template = self.env.ref("privacy_guard.mail_template_consent_request")
        template = template.with_user(self.admin)
        for name in ("email_to", "email_cc", "partner_to", "body_html", "subject"):
            self.assertLogged(
                name, lambda name=name: template.write({name: "a"}), "mail.template "
            )
        german = {"de_DE": "Etwas anderes"}
        self.env["res.lang"]._activate_lang("de_DE")
        self.assertLogged(
            "in German",
            lambda: template.update_field_translations("subject", german),
            "mail.template ",
        )
        servers = self.env["ir.mail_server"].with_user(self.admin)
        values = {"name": "One", "smtp_host": "a.example", "smtp_pass": "Of the server"}
        server = servers.create(values)
        for what, change in {
            "new": lambda: servers.create({"name": "Two", "smtp_host": "b.example"}),
            "changed": lambda: server.write({"smtp_host": "c.example"}),
            "gone": server.unlink,
        }.items():
            self.assertLogged(what, change, "ir.mail_server ")
        self.assertNotIn("Of the server", str(self.lines()))

    def test_so_is_how_mail_comes_in(self):
        """Switched off, nobody objects by mail any more, and nobody hears of it."""
        servers = self.env["fetchmail.server"].with_user(self.admin)
        values = {"name": "In", "server": "a.example", "password": "Of the server"}
        server = servers.create({**values, "server_type": "imap"})
        domains = self.env["mail.alias.domain"].with_user(self.admin)
        domain = domains.create({"name": "in.example"})
        company = self.env["res.company"].create({"name": "Firm"})
        company.alias_domain_id = False
        server.state = "done"
        for key, change in {
            "fetchmail.server ": lambda: servers.create({"name": "Two"}),
            "fetchmail.server In": lambda: server.write({"active": False}),
            f"fetchmail.server In ({server.id})": server.set_draft,
            "mail.alias.domain": lambda: domain.write({"catchall_alias": "other"}),
            f"res.company {company.id}: alias_domain_id": lambda: company.write(
                {"alias_domain_id": domain.id}
            ),
        }.items():
            self.assertLogged(key, change, key)
        self.assertLogged("gone", server.unlink, "fetchmail.server ")
        fetched = {"date": "2026-01-01", "error_message": "x"}
        self.assertLogged("fetched", lambda: server.write(fetched), "", count=0)
        self.assertNotIn("Of the server", str(self.lines()))

    def test_so_is_each_setting_of_a_company(self):
        company = self.env["res.company"].create({"name": "Firm"})
        names = company._privacy_logged_names()
        self.assertLess({"privacy_dpo_email", "privacy_officer_id"}, {*names})
        self.assertNotIn("privacy_tried_at", names)
        before = len(self.lines())
        company.with_user(self.admin).write(
            {"privacy_dpo_email": "dpo@example.com", "privacy_from_name": "Us"}
        )
        company.with_user(self.admin).name = "Other firm"
        of_company = f"res.company {company.id}: privacy_"
        self.assertEqual(
            self.lines()[before:],
            [
                (f"{of_company}{name}", False, value, self.admin, False)
                for name, value in (
                    ("dpo_email", "dpo@example.com"),
                    ("from_name", "Us"),
                )
            ],
        )
        line = self.env["privacy.setting.log"].search([], limit=1)
        self.assertEqual(line.setting, "Privacy: From name (Other firm)")

    def test_nobody_gives_our_ids_to_something_else(self):
        """They say who is an officer; what is deleted loses its own."""
        data = self.env["ir.model.data"]
        for xmlid in (OFFICER, "privacy_guard.ir_cron_log", PAGE):
            module, name = xmlid.split(".")
            row = data.search([("module", "=", module), ("name", "=", name)])
            row = row.with_context(_force_unlink=True)
            row.noupdate = not row.noupdate
            row.write({"name": row.name})
            for values in (
                {"res_id": self.env.ref("base.group_user").id},
                {"name": "other"},
                {"module": "other"},
                {"model": "res.partner"},
            ):
                with self.assertRaisesRegex(UserError, name):
                    row.write(values)
            with self.assertRaisesRegex(UserError, name):
                row.unlink()
        page = self.env.ref("privacy_guard.privacy_setting_log_view_search")
        self.assertLogged("with its id", page.unlink, "ir.ui.view ")

    def test_all_that_came_with_us_and_can_be_changed_is_logged(self):
        """Else that the ORM refuses, that loading makes again, or that is nothing but
        a name or a number."""
        logged = self.registry.descendants(["privacy.logged.mixin"], "_inherit")
        data = self.env["ir.model.data"].search([("module", "=like", f"{MODULE}%")])
        others = {name for name in data.mapped("model") if name not in logged}
        self.assertEqual(
            {name for name in others if not name.startswith(OWN)} - NOT_LOGGED, set()
        )

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
