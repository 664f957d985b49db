"""An officer of another company, against all that there is about people who are none of
theirs: rows, methods and pages. What is new and not in here fails."""

import inspect
import json
from unittest.mock import patch

from lxml import etree
from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from ..models.mail.privacy_gate_ground import Ground
from ..report import privacy_yes_rate
from .common import PrivacyCommon

OURS = "odoo.addons.privacy_guard"
# What Odoo itself calls and asks for the rights on the rows, or on the model.
ORM = frozenset(
    """
    create write unlink read copy copy_data onchange default_get fields_get get_view
    get_views load web_save web_read init get_values set_values name_search
    message_route message_process message_post_with_source message_mail_with_source
    """.split()
)
# Methods that hand out nothing and do nothing, and why.
HARMLESS = {
    ("privacy.reach", "search_count"): "counts what may be read",
    ("privacy.reach", "web_search_read"): "reads what may be read",
    ("privacy.erasure", "action_open_lines"): "a list, of what may be read",
    ("privacy.erasure", "action_open_findings"): "a list, of what may be read",
    ("privacy.erasure", "action_open_requests"): "a list, of what may be read",
    ("privacy.request", "action_open_erasures"): "a list, of what may be read",
    ("privacy.erase.address", "action_begin"): "finds nothing of them, as below",
    ("privacy.erasure.total", "action_open_lines"): "a list, of what may be read",
    ("privacy.erasure.total", "action_decide"): "opens the dialogue below",
    ("privacy.undeclared", "action_declare"): "opens the dialogue below",
    ("privacy.job", "action_open"): "opens the job, which asks itself",
    ("privacy.job", "action_open_items"): "a list, of what may be read",
    ("privacy.declaration", "action_export"): "decisions about models, of no person",
    ("consent.import", "action_open_lines"): "a list, of what may be read",
    ("res.partner", "find_or_create"): "whom they may not read is not found",
    ("privacy.api", "check"): "whom they may not read is unknown",
    ("privacy.api", "send_request"): "whom they may not read is unknown",
    ("consent.verify", "action_export_jsonl"): "an address, of the page below",
    ("consent.verify", "action_export_csv"): "an address, of the page below",
    ("consent.verify", "action_export_checkpoint"): "hashes, which name nobody",
    ("consent.log", "action_seal"): "hashes of all events, which name nobody",
    ("consent.log.checkpoint", "action_seal"): "as above",
    ("consent.log.checkpoint", "action_download_stamp"): "as above",
    ("consent.stamp", "action_retry"): "as above",
    ("consent.log", "action_declare_restore"): "as above",
    ("privacy.dashboard", "action_declare_restore"): "as above",
    ("consent.log.compare", "action_compare"): "sizes and hashes, which name nobody",
    ("consent.log.compare", "action_declare"): "as above",
    ("consent.witness", "action_compare"): "as above",
    ("consent.witness", "action_declaration"): "as above",
    ("consent.witness.accept", "action_read"): "as above",
    ("consent.witness.accept", "action_accept"): "as above",
    ("privacy.uninstall", "action_decrypt"): "each field by itself, as below",
    ("consent.add.field", "action_add"): "a consent of their own company",
    ("privacy.field", "action_encrypt"): "opens the dialogue below",
    ("privacy.dashboard", "action_open"): "a list, of what may be read",
    ("privacy.yes.rate", "action_open_answers"): "a list, of what may be read",
    ("privacy.dashboard", "action_preview"): "opens the dialogue, which asks itself",
    ("consent.sample", "action_use"): "a consent of their own company",
    ("consent.sample", "action_write_own"): "a list, of what may be read",
    ("privacy.dashboard", "action_step"): "opens lists, or asks as below",
    ("privacy.dashboard", "action_check_sender"): "opens the dialogue, which asks",
    ("privacy.sender.check", "action_look"): "what their own companies send from",
    ("privacy.complaint", "action_refuse"): "what came to their own company",
    ("privacy.complaint", "action_dismiss"): "as above",
    ("privacy.sms.reply", "action_refuse"): "as above",
    ("privacy.sms.reply", "action_dismiss"): "as above",
    ("privacy.key", "action_download"): "an address, of the session that made it",
}
PAGES = {
    "/privacy_guard/evidence.<any(jsonl, csv):extension>",
    "/privacy_guard/evidence/<int:event_id>.tlog-proof",
    "/privacy_guard/privacy-receipt.zip",
    "/privacy_guard/proof-pack.zip",
    "/privacy_guard/export/<int:export_id>",
    "/privacy_guard/proofs/<int:order_id>",
    # hashes, which name nobody
    "/privacy_guard/evidence/checkpoint.zip",
    # who has made it, in that session: test_wizard_key.py
    "/privacy_guard/key-file",
    # their own contact and no other: test_portal_privacy.py
    "/my/privacy",
    "/my/privacy/saved",
    "/my/privacy/receipt",
    "/my/privacy/download",
    "/my/privacy/request",
    "/my/privacy/new-address",
}


class OtherCompanyCase(PrivacyCommon):
    """Ann is a person of our company, about whom there is all that there can be."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(privacy_yes_rate, "SMALLEST_GROUP", 1))
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.stranger = cls.make_user(
            "stranger",
            "privacy_guard.group_privacy_officer,base.group_partner_manager,"
            "base.group_system",
            company_id=cls.elsewhere.id,
            company_ids=[(6, 0, cls.elsewhere.ids)],
        )
        cls.purpose = cls.make_purpose(company_id=cls.env.company.id, covers_email=True)
        cls.phone = cls.make_data_purpose("phone", company_id=cls.env.company.id)
        cls.ann = cls.make_contact(company_id=cls.env.company.id)
        cls._fill()

    @classmethod
    def _fill(cls):
        ann, env = cls.ann, cls.env
        ann._consent_record_answers(
            {cls.purpose.id: "granted"}, source="preferences", evidence={"ip": "::1"}
        )
        wish = {cls.purpose.id: {"most": "once_week"}}
        ann._consent_prefer(wish, source="preferences")
        ann.action_opt_in()
        env["privacy.access.log"]._log("reveal", ann._name, [(ann.id, "ref")])
        cls.request = env["privacy.request"]._make(ann, "access", "letter")
        cls.export = env["privacy.export"]._ask(ann, "officer")
        cls.order = env["consent.proof.order"]._ask({(ann._name, ann.id): None})
        cls.erasure = env["privacy.erasure"]._begin(ann)
        cls.finding = env["privacy.erasure.finding"]._make(
            [
                {
                    "erasure_id": cls.erasure.id,
                    "res_model": ann._name,
                    "res_id": ann.id,
                    "kind": "name",
                }
            ]
        )
        ann._privacy_log_proof("changed")
        ground = Ground(ann._name, ann.id, cls.purpose.id)
        mail = env["mail.mail"].new({})
        decision = mail._privacy_decision("ann@example.com", ground, env.cr.now())
        env["privacy.decision"]._note([{**decision, "content_hash": "0"}])
        env["privacy.decision"]._insert_noted()
        env["consent.delivery"]._make(
            [
                {
                    "res_model": ann._name,
                    "res_id": ann.id,
                    "state": "undelivered",
                    "date": env.cr.now(),
                }
            ]
        )
        env["privacy.job.item"]._note(env["consent.delivery"], ann._name, ann.id, "x")
        cls.search = env["privacy.encryption.search"]._begin(
            env["ir.model.fields"]._get("res.partner", "ref")
        )
        cls.copy = env["privacy.encryption.finding"]._note(
            cls.search, "res_partner", "website"
        )
        ben = cls.make_contact("Ben Example", company_id=cls.env.company.id)
        ben._privacy_set_status("duplicate", "Made by a test")
        cls.ben = ben
        env.flush_all()

    def as_stranger(self, records):
        self.env.invalidate_all()
        return records.with_user(self.stranger).with_context(allowed_company_ids=None)

    def rows(self, model_name):
        """:return: rows of a model that are about our people, or our company's"""
        model = self.env[model_name].sudo().with_context(active_test=False)
        if "res_id" in model._fields and model_name != "privacy.erasure.finding":
            people = [("res_model", "=", "res.partner")]
            return model.search([*people, ("res_id", "in", (self.ann | self.ben).ids)])
        return {
            "consent.purpose": self.purpose | self.phone,
            "consent.notice": (self.purpose | self.phone).notice_ids,
            "privacy.erasure": self.erasure,
            "privacy.erasure.finding": self.finding,
            "privacy.erasure.total": self.env["privacy.erasure.total"]
            .sudo()
            .search([("erasure_id", "=", self.erasure.id)]),
            "privacy.job": self.job(),
            "privacy.yes.rate": self.env["privacy.yes.rate"]
            .sudo()
            .search([("purpose_id", "=", self.purpose.id)]),
            "privacy.dashboard": self.env["privacy.dashboard"]
            .sudo()
            .search([("purpose_id", "in", (self.purpose | self.phone).ids)]),
        }[model_name].sudo()

    def job(self):
        """:return: the background job that makes the copy of Ann's data"""
        about = [("queue", "=", "privacy.export"), ("job_id", "=", self.export.id)]
        return self.env["privacy.job"].search(about)


@tagged("post_install", "-at_install")
class TestOtherCompanyRows(OtherCompanyCase):
    """ROL-2: they see, change and delete no row."""

    def models(self):
        registry = self.env.registry
        visible = registry.descendants(["privacy.visible.mixin"], "_inherit")
        models = {name for name in visible if not registry[name]._abstract}
        return sorted(
            models | {"consent.purpose", "consent.notice", "privacy.yes.rate"}
        )

    def test_no_row_is_found_or_read(self):
        for name in self.models():
            rows = self.rows(name)
            with self.subTest(model=name):
                self.assertTrue(rows, "there is nothing to protect")
                theirs = self.as_stranger(rows)
                found = theirs.with_context(active_test=False).search([])
                self.assertFalse(found & theirs)
                for row in theirs:
                    with self.assertRaises(AccessError):
                        row.read(["display_name"])
                    with self.assertRaises(AccessError):
                        row.export_data(["display_name"])

    def test_no_number_counts_them(self):
        """Who is not in all companies counts whom they may read, or nobody."""
        self.env["res.partner"].search([("function", "!=", False)]).function = False
        self.ann.function = "Poet"
        emails = self.env["ir.model.fields"]._get("res.partner", "email")
        row = self.env["privacy.field"].browse(emails.id)
        mine = self.as_stranger(self.env["res.partner"]).with_context(active_test=False)
        own = mine.search_count([("email", "not in", (False, ""))])
        everybody = row.value_count
        self.assertEqual(self.as_stranger(row).value_count, own)
        self.assertGreater(everybody, own)
        own_purpose = self.make_data_purpose("function", company_id=self.elsewhere.id)
        values = {"purpose_id": own_purpose.id}
        everybody = self.env["consent.delete"].create(values)
        self.assertEqual((everybody.value_count, everybody.counts_all), (1, True))
        theirs = self.as_stranger(self.env["consent.delete"]).create(values)
        self.assertEqual((theirs.value_count, theirs.counts_all), (0, False))
        for record in (self.search, self.copy):
            theirs = self.as_stranger(record)
            self.assertFalse(theirs.search([]))
            with self.assertRaises(AccessError):
                theirs.read(["display_name"])
        self.env["privacy.removal"]._remove(self.phone)
        removal = self.as_stranger(self.env["privacy.removal"].search([], limit=1))
        self.assertEqual(removal.progress, 0)
        field = removal.field_id
        for record, names in (
            (removal, ("total", "seen", "position", "remaining")),
            (field, ("privacy_total", "privacy_done", "privacy_position")),
        ):
            for name in names:
                with self.subTest(name), self.assertRaises(AccessError):
                    record.read([name])
        for status in range(2):
            queue = self.env["consent.delivery"]
            self.env["privacy.job.item"]._note(queue, "res.partner", -status - 1, "x")
        action = self.env.ref(queue._job_cron)
        job = self.env["privacy.job"].search([("cron_id", "=", action.id)], limit=1)
        self.assertGreater(job.item_count, 1)
        job = self.as_stranger(job)
        self.assertEqual(job.item_count, 1)
        self.assertNotRegex(job.reason, "[0-9]")
        undeclared = self.as_stranger(self.env["privacy.undeclared"])
        self.assertEqual(sum(undeclared.search([]).mapped("row_count")), 0)

    def test_every_column_that_names_a_company_or_a_consent_has_a_rule(self):
        """Models that are not in the list above, and should be."""
        ruled = set(self.models())
        for name, model in self.env.registry.items():
            if not name.startswith(("consent.", "privacy.")) or model._abstract:
                continue
            names = {"company_id", "purpose_id"} & model._fields.keys()
            if names and not model._transient:
                with self.subTest(model=name):
                    self.assertIn(name, ruled | OF_NO_COMPANY.keys())

    def test_rol2_numbers_are_of_whom_the_reader_may_read(self):
        """Of a consent that all companies ask for, as well."""
        everybody = self.make_purpose(name="Everybody's")
        dora = self.make_contact("Dora", company_id=self.elsewhere.id)
        cleo = self.make_contact("Cleo", company_id=self.env.company.id)
        (self.ann | cleo | dora)._consent_sync()
        shared = {everybody.id: "granted"}
        (self.ann | cleo)._consent_record_answers(shared, source="preferences")
        dora._consent_record_answers({everybody.id: "refused"}, source="preferences")
        rows = self.env["privacy.yes.rate"]
        theirs = self.as_stranger(rows).search([("purpose_id", "=", everybody.id)])
        numbers = set(zip(*map(theirs.mapped, ("answers", "agreed")), strict=False))
        self.assertEqual((len(theirs), numbers), (2, {(1, 0)}))
        # the rows have the same numbers, whoever reads them
        self.env.invalidate_all()
        both = rows.sudo().search([("purpose_id", "=", everybody.id)])
        self.assertEqual(sum(both.mapped("agreed")), 4)
        run = self.env["consent.run"]._insert("daily", "2030-01-01", "done")
        self.assertFalse(self.as_stranger(run).search([("id", "=", run.id)]))
        with self.assertRaises(AccessError):
            self.as_stranger(run).read(["asked", "events"])

    def test_an_address_of_our_person_finds_nothing_of_them(self):
        theirs = self.as_stranger(self.env["privacy.guest"])
        erasure = theirs._erase_address(self.ann.email)
        found = set(erasure.sudo().line_ids.mapped("res_model"))
        self.assertEqual(found - {"bus.bus"}, set(), "but for what is nobody's")
        self.assertEqual(
            erasure.sudo().subject_ids.mapped("res_model"), ["privacy.guest"]
        )

    def test_rows_of_a_request_of_another_company(self):
        """About somebody whom both companies share."""
        self.ann.company_id = False
        row = self.request.subject_ids
        theirs = self.as_stranger(row)
        self.assertEqual(
            theirs.env["res.partner"].browse(self.ann.id).name, "Ann Example"
        )
        self.assertFalse(theirs.search([]) & theirs)
        with self.assertRaises(AccessError):
            theirs.read(["res_id"])
        self.assertTrue(row.with_user(self.officer_of_both()).read(["res_id"]))

    def test_a_dry_run_of_another_company_is_not_cancelled(self):
        self.ann.company_id = False
        self.erasure.sudo()._set({"user_id": self.make_officer().id})
        theirs = self.as_stranger(self.erasure)
        self.assertTrue(theirs.read(["state"]), "both may read it")
        with self.assertRaisesRegex(AccessError, "begun by an officer"):
            theirs.action_cancel()
        self.assertNotEqual(self.erasure.state, "cancelled")
        self.erasure.with_user(self.officer_of_both()).action_cancel()
        self.assertEqual(self.erasure.state, "cancelled")

    def make_officer(self, login="ours", **values):
        groups = "privacy_guard.group_privacy_officer,base.group_partner_manager"
        return self.make_user(login, groups, **values)

    def officer_of_both(self):
        ids = (self.env.company | self.elsewhere).ids
        return self.make_officer("both", company_ids=[(6, 0, ids)])

    def test_no_dialogue_is_about_who_is_none_of_theirs(self):
        """Though who they are is in memory already, read as superuser."""
        names = self.env.registry.descendants(["consent.person.mixin"], "_inherit")
        about = (
            {"partner_id": self.ann.id},
            {"res_model": "res.partner", "res_id": self.ann.id},
        )
        for name in sorted(names):
            model = self.env[name]
            if model._abstract:
                continue
            values = {
                key: field.get_values(self.env)[0] if field.type == "selection" else "x"
                for key, field in model._fields.items()
                if field.required and key not in model.default_get([key])
            }
            theirs = self.as_stranger(model)
            table, shown = model._table, ["subject_name", "partner_id", "display_name"]
            shown += {"status", "refused_requests"} & model._fields.keys()
            for person in about:
                self.ann.sudo().read(["display_name", "privacy_status"])
                with self.subTest(model=name, person=person):
                    with self.assertRaises(AccessError):
                        theirs.create({**values, **person})
                    dialogue = theirs.create(values)
                    with self.assertRaises(AccessError):
                        dialogue.write(person)
                    with self.assertRaises(AccessError):
                        str(theirs.new(person).subject_name)
                    self.env.cr.execute(
                        SQL(
                            "UPDATE %s SET partner_id = %s WHERE id = %s",
                            SQL.identifier(table),
                            self.ann.id,
                            dialogue.id,
                        )
                    )
                    self.env.invalidate_all()
                    self.ann.sudo().read(["display_name", "privacy_status"])
                    with self.assertRaises(AccessError):
                        dialogue.read(shown)

    def test_nothing_is_written_or_deleted(self):
        for row in (self.purpose, self.phone):
            theirs = self.as_stranger(row)
            for values in ({"name": "Ours now"}, {"active": False}, {"text": "Other"}):
                with self.subTest(row=row, values=values):
                    with self.assertRaises(AccessError):
                        theirs.write(values)
            with self.subTest(row=row), self.assertRaises(AccessError):
                theirs.unlink()
        with self.assertRaises(AccessError):
            self.as_stranger(self.request).write({"user_id": self.stranger.id})


# Rows that say which user did something.
OF_USERS = (
    "privacy.address.log",
    "privacy.erasure",
    "privacy.export",
    "privacy.opt.in.log",
    "privacy.request",
    "privacy.status.log",
)


@tagged("post_install", "-at_install")
class TestWhatIsListedOpens(OtherCompanyCase):
    """ROL-2: of people of no company all officers read; what a list shows them opens,
    whoever has done it and whatever company that user is of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann.company_id = False
        cls.own = cls.env["res.company"].create({"name": "Of the officer"})
        cls.other = cls.make_user(
            "other",
            "privacy_guard.group_privacy_officer,base.group_partner_manager",
            company_id=cls.own.id,
            company_ids=[(6, 0, cls.own.ids)],
        )
        for name in OF_USERS:
            cls.env[name].sudo().search([])._set({"user_id": cls.other.id})
        cls.env.invalidate_all()

    def specification(self, model, arch):
        """:return: what the web client reads for a view"""
        spec = {}
        for node in arch.iterchildren():
            name = node.get("name")
            if node.tag != "field" or name not in model._fields:
                spec |= self.specification(model, node)
                continue
            field = model._fields[name]
            spec[name] = {}
            if field.type == "many2one":
                spec[name] = {"fields": {"display_name": {}}}
            elif field.type in ("one2many", "many2many"):
                other = self.env[field.comodel_name]
                views = [self.specification(other, view) for view in node]
                fields = {key: own for view in views for key, own in view.items()}
                spec[name] = {"fields": fields or {"display_name": {}}, "limit": 40}
        return spec

    def test_each_row_of_each_list(self):
        shown = 0
        names = self.env.registry.descendants(["privacy.visible.mixin"], "_inherit")
        for name in sorted(names):
            if self.env[name]._abstract:
                continue
            model = self.as_stranger(self.env[name])
            arches = [
                etree.fromstring(model.get_view(view_type=kind)["arch"])
                for kind in ("list", "form")
            ]
            in_list, in_form = (self.specification(model, arch) for arch in arches)
            with self.subTest(model=name):
                found = model.web_search_read([], in_list)["records"]
                shown += bool(found)
                for row in found:
                    self.env.invalidate_all()
                    [opened] = model.browse(row["id"]).web_read(in_form)
                    self.assertEqual(opened["id"], row["id"])
        self.assertGreater(shown, 8)


# Models with such a column whose rows are nobody's person, and why they need no rule.
OF_NO_COMPANY = {
    "consent.sample": "what is shipped, of no company",
    "privacy.field": "fields, of the people of all companies",
    "privacy.removal": "fields, of the people of all companies",
    "consent.peace": "nobody may read them",
    "consent.sealed.value": "nobody may read them",
    "consent.import.line": "of one's own imports",
    "privacy.complaint": "of the company that it came to, by a rule of its own",
    "privacy.sms.reply": "as above",
}


@tagged("post_install", "-at_install")
class TestOtherCompanyMethods(OtherCompanyCase):
    """Each method that a client can call asks whose person it is."""

    def wizard(self, name, **values):
        return self.as_stranger(self.env[name]).create(values)

    def about_ann(self, name, **values):
        return self.wizard(name, res_model="res.partner", res_id=self.ann.id, **values)

    def attempts(self):
        """:return: {(model, method): what is tried}"""
        ann, request = self.as_stranger(self.ann), self.as_stranger(self.request)
        people = {
            "action_erase_personal_data": ann.action_erase_personal_data,
            "action_privacy_export": ann.action_privacy_export,
            "action_opt_in": ann.action_opt_in,
            "action_opt_out": ann.action_opt_out,
            "action_request_opt_in": ann.action_request_opt_in,
            "action_send_consent_request": ann.action_send_consent_request,
            "action_retry_consent_request": ann.action_retry_consent_request,
            "signup_prepare": ann.signup_prepare,
            "privacy_reveal": lambda: ann.privacy_reveal("phone"),
            "action_privacy_receipt": ann.action_privacy_receipt,
            "action_privacy_proof": ann.action_privacy_proof,
            "action_privacy_proofs": ann.action_privacy_proofs,
        }
        api = self.as_stranger(self.env["privacy.api"])
        purpose, erasure = (
            self.as_stranger(self.purpose),
            self.as_stranger(self.erasure),
        )
        fields = self.as_stranger(self.env["privacy.field"])
        phone = fields.browse(self.phone.field_id.id)
        answer = {"purpose_id": self.purpose.id, "answer": "refused"}
        return {
            **{("res.partner", name): attempt for name, attempt in people.items()},
            ("privacy.request", "action_start"): request.action_start,
            ("privacy.request", "action_execute"): request.action_execute,
            ("privacy.request", "action_erase"): request.action_erase,
            ("privacy.erasure", "action_cancel"): erasure.action_cancel,
            ("privacy.erasure", "action_find_again"): erasure.action_find_again,
            ("privacy.erasure", "action_download_certificate"): (
                erasure.action_download_certificate
            ),
            ("privacy.erasure.finding", "action_open_record"): (
                self.as_stranger(self.finding).action_open_record
            ),
            ("privacy.export", "action_download"): (
                self.as_stranger(self.export).action_download
            ),
            ("consent.proof.order", "action_download"): (
                self.as_stranger(self.order).action_download
            ),
            ("privacy.job", "action_retry"): self.as_stranger(self.job()).action_retry,
            ("privacy.encryption.search", "action_search_again"): (
                self.as_stranger(self.search).action_search_again
            ),
            ("privacy.encryption.finding", "action_clear"): (
                self.as_stranger(self.copy).action_clear
            ),
            ("privacy.encryption.accept", "action_accept"): lambda: self.wizard(
                "privacy.encryption.accept",
                finding_ids=[(6, 0, self.copy.ids)],
                reason="x",
            ).action_accept(),
            ("privacy.encrypt", "action_where_else"): lambda: self.wizard(
                "privacy.encrypt", field_id=phone.id
            ).action_where_else(),
            ("privacy.suppression", "action_release"): (
                self.as_stranger(self.env["privacy.suppression"]).action_release
            ),
            ("privacy.api", "consents"): lambda: api.consents(self.ann.id),
            ("privacy.api", "record_answer"): lambda: api.record_answer(
                self.purpose.id, self.ann.id, "refused", "mail", "A letter"
            ),
            ("consent.purpose", "action_unarchive"): purpose.action_unarchive,
            ("consent.event", "action_prove"): (
                self.as_stranger(self.rows("consent.event")[:1]).action_prove
            ),
            ("consent.record", "action_receipt"): (
                self.as_stranger(self.rows("consent.record")[:1]).action_receipt
            ),
            ("consent.record", "action_proof_pack"): (
                self.as_stranger(self.rows("consent.record")[:1]).action_proof_pack
            ),
            ("consent.record", "action_proof_packs"): (
                self.as_stranger(self.rows("consent.record")[:1]).action_proof_packs
            ),
            ("privacy.reach", "action_proof_packs"): lambda: self.as_stranger(
                self.rows("privacy.reach")[:1]
            ).action_proof_packs(),
            ("consent.report", "action_proof_packs"): lambda: self.as_stranger(
                self.rows("consent.report")[:1]
            ).action_proof_packs(),
            ("privacy.reach", "action_receipt"): lambda: self.as_stranger(
                self.rows("privacy.reach")[:1]
            ).action_receipt(),
            ("consent.report", "action_receipt"): lambda: self.as_stranger(
                self.rows("consent.report")[:1]
            ).action_receipt(),
            ("privacy.reach", "action_proof_pack"): lambda: self.as_stranger(
                self.rows("privacy.reach")[:1]
            ).action_proof_pack(),
            ("consent.report", "action_proof_pack"): lambda: self.as_stranger(
                self.rows("consent.report")[:1]
            ).action_proof_pack(),
            ("privacy.api", "receipt"): lambda: api.receipt(self.ann.id),
            ("privacy.reach", "action_open_subject"): lambda: self.as_stranger(
                self.rows("privacy.reach")[:1]
            ).action_open_subject(),
            ("consent.report", "action_open_subject"): lambda: self.as_stranger(
                self.rows("consent.report")[:1]
            ).action_open_subject(),
            ("consent.import", "action_check"): self.foreign_import().action_check,
            ("consent.import", "action_import"): self.foreign_import().action_import,
            ("privacy.field", "action_flag_personal"): phone.action_flag_personal,
            ("privacy.field", "action_flag_sensitive"): phone.action_flag_sensitive,
            ("privacy.field", "action_flag_suggested"): phone.action_flag_suggested,
            ("privacy.dashboard", "action_ask_now"): self.as_stranger(
                self.env["privacy.dashboard"]
            ).action_ask_now,
            ("privacy.field", "action_unflag"): phone.action_unflag,
            ("privacy.field", "action_bring_back"): phone.action_bring_back,
            ("privacy.encrypt", "action_encrypt"): lambda: self.wizard(
                "privacy.encrypt", field_id=phone.id, confirmation="ENCRYPT"
            ).action_encrypt(),
            ("privacy.encrypt", "action_decrypt"): lambda: self.wizard(
                "privacy.encrypt", field_id=phone.id
            ).action_decrypt(),
            ("privacy.erase", "action_erase"): lambda: self.wizard(
                "privacy.erase",
                erasure_id=self.erasure.id,
                reason="A letter",
                confirmation="ERASE",
            ).action_erase(),
            ("privacy.request.decide", "action_decide"): lambda: self.wizard(
                "privacy.request.decide",
                request_id=self.request.id,
                decision="refuse",
                reason="No",
            ).action_decide(),
            ("privacy.request.make", "action_make"): lambda: self.about_ann(
                "privacy.request.make", kind="stop"
            ).action_make(),
            ("consent.answer", "action_record"): lambda: self.about_ann(
                "consent.answer", channel="mail", note="x", line_ids=[(0, 0, answer)]
            ).action_record(),
            ("consent.delivery", "action_retry"): lambda: self.as_stranger(
                self.rows("consent.delivery")
            ).action_retry(),
            ("consent.vouch", "action_vouch"): lambda: self.wizard(
                "consent.vouch", partner_id=self.ann.id, reason="x"
            ).action_vouch(),
            ("consent.reopen", "action_reopen"): lambda: self.wizard(
                "consent.reopen", partner_id=self.ben.id, reason="x"
            ).action_reopen(),
            ("consent.verify", "action_verify"): lambda: self.about_ann(
                "consent.verify"
            ).action_verify(),
            ("consent.publish", "action_publish"): lambda: self.wizard(
                "consent.publish", purpose_id=self.purpose.id
            ).action_publish(),
            ("consent.switch.on", "action_switch_on"): lambda: self.wizard(
                "consent.switch.on", purpose_ids=[(6, 0, self.purpose.ids)]
            ).action_switch_on(),
            ("consent.delete", "action_delete"): lambda: self.wizard(
                "consent.delete", purpose_id=self.phone.id, confirmation="phone"
            ).action_delete(),
        }

    def foreign_import(self):
        file = self.env["consent.import"].create({"file_name": "answers.csv"})
        return self.as_stranger(file)

    def callable_names(self):
        """:return: set of (model, method) that clients may call, of ours"""
        found = set()
        for name, cls in self.env.registry.items():
            own = name.startswith(("consent.", "privacy."))
            if cls._abstract and name != "privacy.api":
                continue
            if not (own or name == "res.partner"):
                continue
            for method in vars_of(cls) - ORM:
                try:
                    get_public_method(self.env[name], method)
                except (AccessError, AttributeError):
                    continue
                found.add((name, method))
        return found - SETTINGS

    def test_the_lists_are_complete(self):
        known = self.attempts().keys() | HARMLESS.keys()
        self.assertEqual(self.callable_names() - known, set())

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_each_is_refused(self):
        before = self.state()
        for what in self.attempts():
            with self.subTest(what=what):
                with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
                    self.attempts()[what]()
                unknown = what[0] == "privacy.api" and "There is" in str(
                    caught.exception
                )
                if not unknown:
                    self.assertIsInstance(caught.exception, AccessError)
        self.assertEqual(self.state(), before)

    def state(self):
        self.env.invalidate_all()
        return (
            self.ann.read(["privacy_status", "email_opt_in"]),
            self.rows("consent.event").ids,
            self.request.read(["state", "user_id"]),
            self.erasure.state,
            self.rows("consent.purpose").read(["name", "active", "version"]),
        )


# Done by who may change settings, for all companies.
SETTINGS = {
    ("consent.prerequisites", "action_enable"),
    ("privacy.disable", "action_disable"),
    ("privacy.key", "action_make"),
}


def vars_of(cls):
    """:return: names of the public methods that our add-ons give a model"""
    return {
        name
        for base in cls.mro()
        if base.__module__.startswith(OURS)
        for name, value in vars(base).items()
        if inspect.isfunction(value) and not name.startswith("_")
    }


@tagged("post_install", "-at_install")
class TestOtherCompanyPages(OtherCompanyCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.authenticate("stranger", "stranger")

    def test_the_list_is_complete(self):
        http = self.env["ir.http"]
        installed = sorted(self.env.registry._init_modules)
        rules = http._generate_routing_rules(installed, http._get_converters())
        ours = {
            url
            for url, page in rules
            if "privacy" in url and page.routing["auth"] == "user"
        }
        self.assertEqual(ours, PAGES)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_evidence_of_a_person_who_is_none_of_theirs(self):
        about = f"res_model=res.partner&res_id={self.ann.id}"
        for extension in ("jsonl", "csv"):
            url = f"/privacy_guard/evidence.{extension}?{about}"
            self.assertEqual(self.url_open(url).status_code, 403)
        event = self.rows("consent.event")[:1]
        url = f"/privacy_guard/evidence/{event.id}.tlog-proof"
        self.assertEqual(self.url_open(url).status_code, 403)
        consent = self.rows("consent.record")[:1]
        for name in ("privacy-receipt.zip", "proof-pack.zip"):
            url = f"/privacy_guard/{name}?ids={consent.id}"
            self.assertEqual(self.url_open(url).status_code, 403)

    def test_rol2_personal_evidence_is_of_the_company_of_its_consent(self):
        """Of a person whom both share: read, grouped and erased."""
        shared = self.make_contact("Shared")
        own = self.make_purpose(name="Theirs", company_id=self.elsewhere.id)
        self.env["consent.record"]._sync("res.partner", ids=shared.ids)
        for purpose, ip in ((self.purpose, "::1"), (own, "::2")):
            shared._consent_record_answers(
                {purpose.id: "refused"}, source="preferences", evidence={"ip": ip}
            )
        about = [("res_model", "=", "res.partner"), ("res_id", "=", shared.id)]
        evidence = self.env["consent.evidence"]
        theirs = evidence.with_user(self.stranger).search(about)
        self.assertEqual(theirs.mapped("ip"), ["::2"])
        groups = evidence.with_user(self.stranger)._read_group(about, ["ip"])
        self.assertEqual(groups, [("::2",)])
        ours = evidence.search(about) - theirs
        with self.assertRaises(AccessError):
            ours.with_user(self.stranger).read(["ip"])
        left = self.env["privacy.data.map"]._out_of_reach(
            "consent.evidence", evidence.search(about).ids, self.elsewhere.ids
        )
        self.assertEqual(left, {ours.id: self.env.company.id})

    def test_rol2_packs_are_of_who_has_asked_for_them(self):
        officer = self.make_user("other", "privacy_guard.group_privacy_officer")
        lines = self.env["consent.proof.line"].with_user(officer)
        self.assertTrue(self.order.sudo().line_ids)
        self.assertFalse(lines.search([]))

    def test_all_evidence_is_that_of_their_own(self):
        own = self.make_contact("Cid Example", company_id=self.elsewhere.id)
        shared = self.make_purpose(name="Shared", company_id=False)
        theirs = self.make_purpose(name="Theirs", company_id=self.elsewhere.id)
        nobodys = self.make_contact("Eve Example")
        self.env["consent.record"]._sync(
            "res.partner", ids=(own | nobodys | self.ann).ids
        )
        gone = self.make_contact("Dan Example", company_id=self.env.company.id)
        gone_id = gone.id
        gone.unlink()
        lines = self.url_open("/privacy_guard/evidence.jsonl").text.splitlines()
        events = [json.loads(line) for line in lines]
        people = {event["res_id"] for event in events}
        self.assertLessEqual({own.id, nobodys.id, gone_id}, people)
        self.assertNotIn(self.ann.id, people)
        purposes = {event["purpose_id"] for event in events}
        self.assertLessEqual({shared.id, theirs.id}, purposes)
        self.assertNotIn(self.purpose.id, purposes)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_access_copy_of_a_person_who_is_none_of_theirs(self):
        self.export.sudo()._build()
        self.env.flush_all()
        order = f"/privacy_guard/proofs/{self.order.id}"
        self.assertEqual(self.url_open(order).status_code, 403)
        response = self.url_open(f"/privacy_guard/export/{self.export.id}")
        self.assertEqual(response.status_code, 403)
        self.assertNotIn("zip", response.headers["Content-Type"])
