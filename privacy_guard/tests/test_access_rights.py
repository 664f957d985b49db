from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import PrivacyCommon

ROLES = {
    "portal": "base.group_portal",
    "internal": "base.group_user",
    "user": "privacy_guard.group_privacy_user",
    "officer": "privacy_guard.group_privacy_officer",
    "system": "base.group_system",
}
READ = {"read"}
ALL = {"read", "write", "create", "unlink"}
# ROL-1: model -> role -> operations; a role that is not named has none
RIGHTS = {
    "consent.purpose": {
        "internal": READ,
        "user": READ,
        "officer": ALL,
        "system": READ,
    },
    "consent.notice": {
        "internal": READ,
        "user": READ,
        "officer": READ,
        "system": READ,
    },
    "consent.sample": {"officer": READ},
    "consent.record": {
        "internal": READ,
        "user": READ,
        "officer": READ,
        "system": READ,
    },
    "consent.event": {"user": READ, "officer": READ},
    "consent.report": {"user": READ, "officer": READ},
    "privacy.reach": {"user": READ, "officer": READ},
    "privacy.yes.rate": {"user": READ, "officer": READ},
    "privacy.opt.in.log": {"user": READ, "officer": READ},
    "privacy.status.log": {"user": READ, "officer": READ},
    "consent.evidence": {"officer": READ},
    "privacy.decision": {"officer": READ},
    "consent.prerequisites": {"system": ALL},
    "privacy.disable": {"system": ALL},
    "privacy.key": {"system": ALL},
    "privacy.dashboard": {"user": READ, "officer": READ},
    "privacy.setting.log": {"officer": READ},
    "consent.publish": {"officer": ALL},
    "consent.mail.preview": {"officer": READ},
    "consent.answer": {"officer": ALL},
    "consent.add.field": {"officer": ALL},
    "consent.reopen": {"officer": ALL},
    "consent.peace": {},
    "consent.sealed.value": {},
    "consent.switch.on": {"officer": ALL},
    "consent.run": {"officer": READ},
    "consent.verify": {"officer": ALL},
    "consent.cosignature": {"officer": READ},
    "consent.webhook": {"officer": READ},
    "consent.stamp": {"officer": READ},
    "consent.proof.order": {"officer": READ},
    "consent.proof.line": {"officer": READ},
    "consent.witness": {"officer": READ},
    "consent.witnessed.log": {"officer": READ, "system": READ},
    "consent.witness.accept": {"system": ALL},
    "consent.delete": {"officer": ALL},
    "privacy.field": {"officer": READ},
    "privacy.removal": {"officer": READ},
    "privacy.declaration": {"officer": ALL},
    "privacy.undeclared": {"officer": READ},
    "privacy.encryption.search": {"officer": READ, "system": READ},
    "privacy.encryption.finding": {"officer": READ, "system": READ},
    "privacy.encryption.accept": {"officer": ALL},
    "privacy.erase": {"officer": ALL},
    "privacy.erase.address": {"officer": ALL},
    "privacy.guest": {"officer": READ},
    "privacy.erasure": {"officer": READ},
    "privacy.erasure.finding": {"officer": READ},
    "privacy.erasure.line": {"officer": READ},
    "privacy.erasure.subject": {"officer": READ},
    "privacy.erasure.total": {"officer": READ},
    "privacy.suppression": {"officer": READ},
    "privacy.export": {"user": READ, "officer": READ},
    "privacy.request": {"user": READ, "officer": {"read", "write"}},
    "privacy.request.subject": {"user": READ, "officer": READ},
    "privacy.page.post": {"officer": READ},
    "privacy.message.place": {"officer": READ},
    "consent.preference": {"user": READ, "officer": READ},
    "privacy.request.code": {},
    "consent.delivery": {"user": READ, "officer": READ},
    "privacy.complaint": {"officer": READ},
    "privacy.request.decide": {"officer": ALL},
    "privacy.request.make": {"officer": ALL},
}
OF_EVERYBODY = ("consent.notice", "consent.purpose", "consent.record")
# Who needs to write, make or delete rows that stay; all others are our code's.
WRITABLE = {
    "consent.purpose": "officers define what people are asked",
    "consent.import": "officers choose a file, and give imports up",
    "privacy.declaration": "officers decide what becomes of what nobody declared",
    "privacy.request": "officers hand requests over, and note what they arrange",
    # of another add-on
    "privacy.sms.word": "officers keep the words that stop text messages",
}
EVIDENCE = (
    "consent.record",
    "consent.event",
    "consent.notice",
    "consent.evidence",
    "privacy.decision",
    "privacy.opt.in.log",
    "privacy.status.log",
    "privacy.setting.log",
    "consent.sealed.value",
    "privacy.removal",
    "privacy.erasure",
    "privacy.erasure.finding",
    "privacy.erasure.line",
    "privacy.erasure.subject",
    "privacy.guest",
    "privacy.suppression",
    "privacy.request.subject",
    "privacy.page.post",
    "privacy.message.place",
    "consent.peace",
    "consent.preference",
    "privacy.request.code",
    "consent.delivery",
    "consent.cosignature",
    "consent.webhook",
    "consent.stamp",
    "consent.witness",
    "consent.witnessed.log",
)


@tagged("post_install", "-at_install")
class TestAccessRights(PrivacyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, f"{role}_role", groups=groups)
            for role, groups in ROLES.items()
        }
        cls.purpose = cls.make_purpose()
        cls.contact = cls.make_contact()
        cls.contact._consent_record_answers(
            {cls.purpose.id: "granted"}, source="preferences"
        )

    def test_table_of_roles_models_operations(self):
        for model_name, rights in RIGHTS.items():
            for role, user in self.users.items():
                model = self.env[model_name].with_user(user)
                for operation in sorted(ALL):
                    with self.subTest(model=model_name, role=role, op=operation):
                        self.assertEqual(
                            model.has_access(operation),
                            operation in rights.get(role, ()),
                        )

    def test_staff_read_what_everybody_reads_and_write_nothing(self):
        """Whatever other rights they have, of sales, mailings or the website."""
        staff = self.make_staff()
        self.assertTrue(staff.has_group("base.group_allow_export"))
        own = sorted(
            name
            for name, model in self.env.registry.items()
            if (model._original_module or "").startswith("privacy_guard")
            and not model._abstract
        )
        self.assertIn("consent.event", own)
        may = {
            (name, operation)
            for name in own
            for operation in ALL
            if self.env[name].with_user(staff).has_access(operation)
        }
        self.assertEqual(may, {(name, "read") for name in OF_EVERYBODY})

    def own_rights(self):
        """:return: rights on models of ours, without dialogues, which are one's own"""
        own = [
            name
            for name, model in self.env.registry.items()
            if (model._original_module or "").startswith("privacy_guard")
            and not model._transient
        ]
        return self.env["ir.model.access"].search([("model_id.model", "in", own)])

    def test_each_right_to_write_is_needed_by_somebody(self):
        officers = self.env.ref(ROLES["officer"])
        writing = self.own_rights().filtered(
            lambda r: r.perm_write or r.perm_create or r.perm_unlink
        )
        there = {name for name in WRITABLE if name in self.env.registry}
        self.assertEqual(set(writing.model_id.mapped("model")), there)
        self.assertEqual(writing.group_id, officers)

    def test_who_may_write_a_row_writes_nothing_that_follows_from_it(self):
        """What is read-only on the form is so below it: a column that is worked out, or
        that our code alone sets."""
        system = self.env.ref("base.group_system").id
        self.users["officer"].group_ids = [(4, system)]
        rows = {
            "consent.purpose": self.purpose,
            "consent.import": self.env["consent.import"]
            .with_user(self.users["officer"])
            .create({"file_name": "answers.csv"}),
            "privacy.declaration": self.env["privacy.declaration"].create(
                {
                    "model_id": self.env["ir.model"]._get("res.currency").id,
                    "treatment": "keep",
                    "reason": "Of nobody",
                }
            ),
            "privacy.request": self.env["privacy.request"]._make(
                self.contact, "access", "letter"
            ),
        }
        if "privacy.sms.word" in self.env.registry:
            lang = self.env.ref("base.lang_en").id
            word = {"name": "Enough", "lang_id": lang}
            rows["privacy.sms.word"] = self.env["privacy.sms.word"].create(word)
        self.assertLessEqual(WRITABLE.keys() & self.env.registry.keys(), rows.keys())
        values = {"char": "x", "text": "x", "integer": 7, "boolean": True}
        for model_name, row in rows.items():
            theirs = row.with_user(self.users["officer"])
            for name, field in row._fields.items():
                if not field.readonly or field.type not in values or name == "id":
                    continue
                before = row[name]
                with self.subTest(model=model_name, field=name):
                    with suppress(UserError), self.env.cr.savepoint():
                        theirs.write({name: values[field.type]})
                    self.env.flush_all()
                    self.env.invalidate_all()
                    self.assertEqual(row[name], before)

    def test_what_somebody_has_begun_to_fill_in_is_theirs_alone(self):
        dialogues = {
            name
            for name, model in self.env.registry.items()
            if model._transient
            and (model._original_module or "").startswith("privacy_guard")
        }
        own = [("domain_force", "=", "[('create_uid', '=', user.id)]")]
        rules = self.env["ir.rule"].search([*own, ("groups", "=", False)])
        self.assertEqual(dialogues - set(rules.model_id.mapped("model")), set())

    def test_nobody_else_answers_in_an_open_dialogue(self):
        other = self.make_user("other_officer", ROLES["officer"], email="o@x.example")
        line = {"purpose_id": self.purpose.id, "value": "refused"}
        about = {"res_model": "res.partner", "res_id": self.contact.id}
        about |= {"channel": "mail", "note": "A letter"}
        dialogue = self.env["consent.answer"].with_user(self.users["officer"])
        dialogue = dialogue.create({**about, "line_ids": [(0, 0, line)]})
        self.assertEqual(dialogue.line_ids.value, "refused")
        for theirs in (dialogue.with_user(other), dialogue.line_ids.with_user(other)):
            self.assertFalse(theirs.search([("id", "=", theirs.id)]))
            for what, call in {
                "read": lambda t=theirs: t.read(["create_date"]),
                "write": lambda t=theirs: t.write({}),
                "unlink": theirs.unlink,
            }.items():
                with self.subTest(model=theirs._name, what=what):
                    with self.assertRaises(AccessError):
                        call()

    def test_nobody_forges_evidence_not_even_an_officer(self):
        for model_name in EVIDENCE:
            row = self.env[model_name].search([], limit=1)
            for role in ("internal", "user", "officer", "system"):
                rows = row.with_user(self.users[role])
                with self.subTest(model=model_name, role=role):
                    with self.assertRaises(UserError):
                        rows.create({})
                    if not row:
                        continue
                    with self.assertRaises(UserError):
                        rows.write(
                            {"name" if model_name == "consent.notice" else "res_id": 0}
                        )
                    with self.assertRaises(UserError):
                        rows.unlink()

    def test_internal_user_sees_the_block_but_not_the_timeline(self):
        contact = self.contact.with_user(self.users["internal"])
        self.assertEqual(contact.consent_ids.value, "granted")
        self.assertEqual(contact.consent_summary, "1 of 1 granted")
        with self.assertRaises(AccessError):
            contact.read(["consent_event_ids"])
        with self.assertRaises(AccessError):
            contact.action_send_consent_request()

    def test_privacy_user_sees_the_timeline(self):
        contact = self.contact.with_user(self.users["user"])
        self.assertIn("answer", contact.consent_event_ids.mapped("kind"))

    def test_nobody_sees_consents_of_a_contact_that_they_may_not_read(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.contact.company_id = elsewhere
        for role in ("user", "officer"):
            user = self.users[role]
            for model_name in ("consent.record", "consent.event", "consent.report"):
                model = self.env[model_name].with_user(user)
                with self.subTest(role=role, model=model_name):
                    self.assertFalse(model.search([("res_id", "=", self.contact.id)]))
                    row = self.env[model_name].search(
                        [("res_id", "=", self.contact.id)], limit=1
                    )
                    with self.assertRaises(AccessError):
                        row.with_user(user).read(["res_id"])

    def test_only_officers_and_administrators_share_filters(self):
        """One that shows nothing, and that everybody gets by default, would hide all
        requests from officers. What is somebody's own, or of Odoo's lists, is not
        ours."""
        officer, clerk = self.users["officer"], self.users["internal"]
        filters = self.env["ir.filters"]
        vals = {"name": "None", "domain": "[('id', '=', 0)]", "is_default": True}
        own = {**vals, "model_id": "privacy.request", "user_ids": [(6, 0, clerk.ids)]}
        kept = filters.with_user(clerk).create(own)
        filters.with_user(clerk).create({**vals, "model_id": "res.partner"})
        shared = filters.with_user(officer).create({**own, "user_ids": False})
        with_both = {"user_ids": [(6, 0, (clerk | officer).ids)]}
        for attempt in (
            lambda: filters.with_user(clerk).create({**own, "user_ids": False}),
            lambda: filters.with_user(clerk).create({**own, **with_both}),
            lambda: kept.write(with_both),
            lambda: kept.copy({"user_ids": False}),
            lambda: shared.with_user(clerk).write({"domain": "[]"}),
            lambda: shared.with_user(clerk).unlink(),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()
        kept.unlink()
        shared.with_user(self.users["system"]).unlink()

    def test_only_the_settings_right_opens_the_settings(self):
        Settings = self.env["res.config.settings"]
        with self.assertRaises(AccessError):
            Settings.with_user(self.users["officer"]).create({}).execute()
        Settings.with_user(self.users["system"]).create({}).execute()
