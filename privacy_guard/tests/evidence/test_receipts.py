import io
import json
import subprocess
import sys
import tempfile
import unittest
import zipfile
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import format_datetime, mute_logger
from odoo.tools.pdf import OdooPdfFileReader
from reportlab.pdfgen import canvas

from ...models.evidence.consent_proof_files import PAGE
from ...models.export.privacy_export_part import SEALED
from ...tools import verify_receipt
from ...tools.receipt import signature
from .test_log import OFFICER, LogCase

TOOLS = Path(verify_receipt.__file__).parent
SHAPES = Path(__file__).parent / "receipt_shapes.ttl"
REPORT = "privacy_guard.report_consent_proof"


class ReceiptCase(LogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = new_test_user(cls.env, "officer", groups=OFFICER)
        cls.record = cls.env["consent.record"].search(
            [("res_id", "=", cls.ann.id), ("res_model", "=", "res.partner")]
        )

    def issue(self, records=None):
        """:return: the receipt, as it is handed out by the officer"""
        records = (records or self.record).with_user(self.officer)
        files = records._hand_out_receipt()
        return json.loads(files["privacy-receipt.jsonld"])

    def logged(self, action):
        return self.env["privacy.access.log"].search([("action", "=", action)])


@tagged("post_install", "-at_install")
class TestReceipts(ReceiptCase):
    """EVI-3: what a person gets in hand, and what it proves without us."""

    def test_verifies_without_odoo(self):
        """Before and after the night in which it is sealed."""
        receipt = self.issue()
        keys = self.verifiers()
        self.assertEqual(list(verify_receipt.problems(receipt, keys)), [])
        self.assertEqual(list(verify_receipt.proofs(receipt)), [])
        self.seal()
        sealed = self.issue()
        self.assertEqual(sealed["dct:identifier"], receipt["dct:identifier"])
        self.assertEqual(list(verify_receipt.problems(sealed, keys)), [])
        [text] = verify_receipt.proofs(sealed)
        for kept in (sealed, receipt):
            said = verify_receipt.prove(kept, text, keys)
            self.assertIn(self.log._get().origin, said)

    def test_says_what_happened(self):
        self.newsletter.recipients = "Printing house, Ghent"
        self.env.company.privacy_storage_country_ids = self.belgium | self.italy
        [record] = self.issue()["dpv:hasRecordOfActivity"]
        statuses = record["dpv:hasConsentStatus"]
        self.assertEqual(
            [node["schema:sha256"] for node in statuses], self.chain.mapped("hash")
        )
        self.assertEqual(
            [node["@type"][0] for node in statuses][-3:],
            ["dpv:ConsentGiven", "dpv:ConsentWithdrawn", "dpv:ConsentGiven"],
        )
        [notice] = record["dpv:hasNotice"]
        published = self.chain[-1].notice_id
        self.assertEqual(notice["schema:sha256"], published.sha256)
        self.assertEqual(notice["dct:description"], published.text)
        process = record["dpv:hasProcess"]
        self.assertEqual(process["dpv:hasLegalBasis"], "eu-gdpr:A6-1-a")
        recipients = process["dpv:hasRecipient"]
        self.assertEqual(recipients[-1]["dpv:hasName"], "Printing house, Ghent")
        places = process["dpv:hasStorageCondition"][1]["dpv:hasLocation"]
        self.assertEqual(places, ["loc:BE", "loc:IT"])
        self.assertEqual(record["dpv:hasEntity"]["dpv:hasName"], self.env.company.name)

    @unittest.skipUnless(find_spec("pyshacl"), "a package of the developers'")
    def test_conforms_to_the_profile(self):
        from pyld import jsonld
        from pyshacl import validate
        from rdflib import Graph

        options = {"documentLoader": self.fail}
        [expanded] = jsonld.expand(self.issue(), options)
        self.assertTrue(expanded.pop("https://w3id.org/security#proof"))
        options["format"] = "application/n-quads"
        graph = Graph().parse(data=jsonld.to_rdf([expanded], options), format="nt")
        conforms, _graph, text = validate(graph, shacl_graph=Graph().parse(SHAPES))
        self.assertTrue(conforms, text)

    def test_tells_nobody_who_it_is_about(self):
        text = json.dumps(self.issue())
        for personal in (self.ann.name, self.ann.email, "192.0.2.1", "Browser"):
            self.assertNotIn(personal, text)

    def test_without_a_key_it_says_so(self):
        self.env["ir.config_parameter"].set_param("database.uuid", "another")
        self.log._make([{"origin": "example.com/privacy/log"}])
        receipt = self.issue()
        self.assertEqual(receipt["rdfs:comment"], "This receipt is not signed.")
        with self.assertRaisesRegex(signature.SignatureError, "not signed"):
            signature.check(receipt, [key.public for key in self.verifiers()])

    def test_is_in_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.newsletter.with_context(lang="fr_FR").text = "Pouvons-nous ?"
        self.newsletter._publish()
        self.ann.with_context(lang="fr_FR")._consent_record_answers(
            {self.newsletter.id: "refused"}, source="preferences"
        )
        files = self.env["consent.receipt"]._files(self.record)
        receipt = json.loads(files["privacy-receipt.jsonld"])
        [record] = receipt["dpv:hasRecordOfActivity"]
        self.assertEqual(record["dpv:hasNotice"][0]["dct:language"], "fr-FR")
        for said in (files["privacy-receipt.txt"].decode(), json.dumps(record)):
            self.assertIn("Pouvons-nous ?", said)
        self.assertIn(receipt["dct:identifier"], files["privacy-receipt.txt"].decode())

    def test_is_for_officers_and_logged(self):
        reader = new_test_user(
            self.env, "reader", groups="privacy_guard.group_privacy_user"
        )
        for refused in (self.ann, self.record):
            name = "action_privacy_receipt" if refused == self.ann else "action_receipt"
            with self.subTest(refused=refused), self.assertRaises(AccessError):
                getattr(refused.with_user(reader), name)()
        with self.assertRaises(AccessError):
            self.record.with_user(reader)._hand_out_receipt()
        self.assertFalse(self.logged("receipt"))
        self.issue()
        line = self.logged("receipt")
        self.assertEqual(
            (line.user_id, line.res_model, line.res_id),
            (self.officer, "res.partner", self.ann.id),
        )
        url = self.ann.with_user(self.officer).action_privacy_receipt()["url"]
        self.assertTrue(url.endswith(f"ids={self.record.id}"))
        stranger = self.make_contact("Nobody", is_company=True)
        with self.assertRaisesRegex(UserError, "No consent ever"):
            stranger.with_user(self.officer).action_privacy_receipt()

    def test_says_who_is_responsible_and_who_hears_complaints(self):
        company = self.env.company
        company.write({"street": "Kerkstraat 1", "city": "Ghent"})
        company.write({"email": "us@example.com", "privacy_authority": "The Authority"})
        text = self.env["consent.receipt"]._files(self.record)["privacy-receipt.txt"]
        for said in ("Kerkstraat 1", "us@example.com", "/my/privacy", "The Authority"):
            self.assertIn(said, text.decode())

    def test_for_other_programs(self):
        api = self.env["privacy.api"].with_user(self.officer)
        other = self.make_purpose(name="Calls")
        self.env["consent.record"]._sync("res.partner", ids=self.ann.ids)
        both = api.receipt(self.ann.id)
        self.assertEqual(len(both["dpv:hasRecordOfActivity"]), 2)
        one = api.receipt(self.ann.email, other.id)
        [record] = one["dpv:hasRecordOfActivity"]
        [status] = record["dpv:hasConsentStatus"]
        self.assertEqual(status["@type"], ["dpv:ConsentUnknown"])
        self.assertEqual(len(self.logged("receipt")), 2)

    def test_queries_do_not_grow_with_consents(self):
        def queries(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["consent.receipt"]._issue(records)
            return self.env.cr.sql_log_count - before

        people = self.env["res.partner"].create(
            [{"name": f"P{n}", "email": f"p{n}@example.com"} for n in range(5)]
        )
        many = self.env["consent.record"].search([("res_id", "in", people.ids)])
        self.assertEqual(len(many), 5)
        queries(many)
        self.assertEqual(queries(many), queries(many[:1]))
        self.seal()
        self.assertEqual(queries(many), queries(many[:1]))

    def test_terms_are_suggested_and_chosen(self):
        for values, purpose, data in (
            ({"covers_email": True}, "DirectMarketing", "EmailAddress"),
            ({}, "Marketing", "Contact"),
        ):
            made = self.make_purpose(name=purpose, **values)
            self.assertEqual((made.dpv_purpose, made.dpv_data), (purpose, data))
        phone = self.make_data_purpose("phone")
        self.assertEqual(phone.dpv_data, "TelephoneNumber")
        made.dpv_purpose = "PublicRelations"
        made.covers_email = True
        self.assertEqual(made.dpv_purpose, "PublicRelations", "what was chosen stays")


@tagged("post_install", "-at_install")
class TestProofPack(ReceiptCase):
    """EVI-4: one document that answers whether a person agreed, and to which words."""

    def html(self, records=None, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.officer)
        content, kind = reports._render_qweb_html(REPORT, (records or self.record).ids)
        self.assertEqual(kind, "html")
        return content.decode()

    def attached(self):
        """:return: {name: content} of what is attached to the PDF"""
        page = io.BytesIO()
        document = canvas.Canvas(page)
        document.drawString(100, 100, "Proof of consent")
        document.save()
        reports = self.env["ir.actions.report"].with_user(self.officer)
        # what turns HTML into PDF is a program that not every machine has
        rendered = patch.object(
            type(reports),
            "_pre_render_qweb_pdf",
            return_value=({1: {"stream": page}}, "pdf"),
        )
        with rendered:
            content, _kind = reports._render_qweb_pdf(REPORT, self.record.ids)
        return dict(OdooPdfFileReader(io.BytesIO(content)).getAttachments())

    def test_shows_what_was_asked_and_answered(self):
        self.env.company.privacy_tz = "Asia/Tokyo"
        calls = self.make_purpose(name="Calls", text="May we call you?")
        self.env["consent.record"]._sync("res.partner", ids=self.ann.ids)
        self.ask(self.ann, calls)
        self.env["consent.delivery"]._make(
            [
                {
                    "res_model": "res.partner",
                    "res_id": self.ann.id,
                    "message_id": "<asked@example.com>",
                    "date": self.events(self.ann, calls)[-1].date,
                    "state": "failed",
                    "reason": "451 Try again later",
                }
            ]
        )
        self.seal()
        html = self.html(self.record | self.consent(self.ann, calls))
        notice = self.chain[-1].notice_id
        for shown in (
            self.ann.name,
            notice.text,
            notice.sha256,
            "May we call you?",
            self.chain[-1].hash,
            "192.0.2.0/24",
            "Preferences page",
            "asked@example.com",
            "451 Try again later",
            "no event and no text is missing or altered",
            str(self.verifiers()[0]),
            "verify.py evidence.jsonl",
            # what the programs print as well
            f"event-{self.chain[-1].id}.tlog-proof",
            format_datetime(
                self.env, self.chain[-1].date, tz="Asia/Tokyo", dt_format="long"
            ),
            signature.did(self.verifiers()[0].public),
            f"<td>{self.newsletter.id}</td>",
            "That nothing came afterwards is not proven",
            "proof-pack.zip?ids=",
        ):
            with self.subTest(shown):
                self.assertIn(shown, html)
        self.assertNotIn("attached", html, "there is nothing in a page to save")
        self.assertNotIn("192.0.2.1<", html, "the network, not the address")
        self.assertEqual(self.logged("proof").user_id, self.officer)

    # ------------------------------------------------------------------
    # Of many people
    # ------------------------------------------------------------------

    def run_proofs(self, program="ok"):
        """As in the background.

        :param str program: state of the one that makes PDF files, which this machine
            need not have"""

        def render(report, ref, res_ids=None, data=None):
            content, _kind = report._render_qweb_html(ref, res_ids, data)
            return content, "pdf"

        reports = type(self.env["ir.actions.report"])
        cron = self.env.ref("privacy_guard.ir_cron_proofs")
        with (
            patch.object(reports, "_render_qweb_pdf", render),
            patch.object(reports, "get_wkhtmltopdf_state", lambda _self: program),
            mute_logger("odoo.addons.privacy_guard"),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def order(self, records, action="action_privacy_proofs"):
        shown = getattr(records.with_user(self.officer), action)()
        return self.env[shown["res_model"]].browse(shown["res_id"])

    def test_of_many_people(self):
        """In the background, each by itself, logged, for whom asked and for a week."""
        gone = self.env["res.partner"].create({"name": "Gone"})
        hidden = self.env["res.partner"].create({"name": "Hidden"})
        self.ask(hidden, self.newsletter)
        order, gone_id = self.order(gone + self.ann + hidden), gone.id
        lines = {line.res_id: line for line in order.line_ids}
        gone.unlink()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        hidden.company_id = elsewhere  # after it was asked for
        self.run_proofs()
        states = [lines[id_].state for id_ in (gone_id, self.ann.id, hidden.id)]
        self.assertEqual(states, ["failed", "made", "failed"])
        self.assertIn("was deleted", lines[gone_id].reason)
        self.assertEqual((order.state, order.total, order.made), ("ready", 3, 1))
        [logged] = self.logged("proof")
        self.assertEqual((logged.user_id, logged.res_id), (self.officer, self.ann.id))
        jobs = self.env["privacy.job"].with_user(self.officer)
        job = jobs.search(
            [("queue", "=", "consent.proof.order"), ("is_action", "=", False)]
        )
        self.assertEqual(
            (job.job_id, job.state, job.item_count), (order.id, "failed", 2)
        )
        content = lines[self.ann.id].sudo().content
        self.assertTrue(content.startswith(SEALED), "no backup shows whom it names")
        own = order.with_user(self.officer)
        own.action_download()
        archive = self.archive(own)
        self.assertEqual(
            set(archive.namelist()), {f"res.partner-{self.ann.id}.pdf", "overview.csv"}
        )
        self.assertIn(
            self.ann.name, archive.read(f"res.partner-{self.ann.id}.pdf").decode()
        )
        table = archive.read("overview.csv").decode()
        self.assertIn(f"res.partner,{self.ann.id},res.partner-", table)
        self.assertNotIn(str(hidden.id), table)
        # what can be done now is, and nothing twice
        hidden.company_id = False
        job.action_retry()
        self.run_proofs()
        self.assertEqual((order.state, order.made), ("ready", 2))
        self.assertEqual(len(self.logged("proof")), 2)
        self.ann.company_id = elsewhere
        self.assertNotIn(str(self.ann.id), " ".join(self.archive(own).namelist()))
        order._set({"expires_at": "2020-01-01 00:00:00"})
        self.run_proofs()
        self.assertEqual(order.state, "expired")
        self.assertFalse(any(order.line_ids.sudo().mapped("content")))
        of_it = jobs.search([("queue", "=", order._name), ("is_action", "=", False)])
        self.assertFalse(of_it, "there is nothing to retry")

    def archive(self, order):
        file = self.env["consent.proof.line"].with_user(order.env.user)._archive(order)
        self.addCleanup(file.close)
        return zipfile.ZipFile(file)

    def test_of_many_consents(self):
        """With the rights of who asked, as they are when it is made."""
        calls = self.make_purpose(name="Calls", text="May we call you?")
        self.env["consent.record"]._sync("res.partner", ids=self.ann.ids)
        self.ask(self.ann, calls)
        chosen = self.env["consent.report"].browse(self.record.ids)
        order = self.order(chosen, "action_proof_packs")
        self.assertEqual(order.line_ids.consent_ids, self.record.ids)
        other = new_test_user(
            self.env, "other", groups=OFFICER, email="other@example.com"
        )
        with self.assertRaises(AccessError):
            order.with_user(other).action_download()
        clerk = new_test_user(
            self.env, "clerk", groups="privacy_guard.group_privacy_user"
        )
        for attempt in (
            self.ann.with_user(clerk).action_privacy_proofs,
            chosen.with_user(clerk).action_proof_packs,
            order.with_user(clerk).action_download,
        ):
            with self.assertRaises(AccessError):
                attempt()
        with self.assertRaisesRegex(UserError, "between 1 and"):
            self.env["res.partner"].with_user(self.officer).action_privacy_proofs()
        officers = self.env.ref(OFFICER)
        self.officer.group_ids -= officers
        self.run_proofs()
        self.assertEqual(order.line_ids.state, "failed")
        self.assertFalse(self.logged("proof"))
        self.officer.group_ids += officers
        order._retry()
        self.run_proofs()
        archive = self.archive(order.with_user(self.officer))
        [name, _table] = archive.namelist()
        self.assertNotIn("May we call you?", archive.read(name).decode())

    def test_without_the_program_that_makes_pdf(self):
        """A folder for each person, with the page and all that would be attached."""
        self.ann._consent_record_answers(
            {self.newsletter.id: "granted"}, source="officer", user_id=self.officer.id
        )
        self.seal()
        order = self.order(self.ann)
        self.run_proofs(program="install")
        self.assertEqual((order.state, order.made), ("ready", 1))
        self.assertEqual(len(self.logged("proof")), 1)
        archive = self.archive(order.with_user(self.officer))
        folder = f"res.partner-{self.ann.id}/"
        files = (
            self.env["consent.proof"]
            .with_user(self.officer)
            ._files(self.record.with_user(self.officer))
        )
        self.assertEqual(
            set(archive.namelist()),
            {*(folder + name for name in (*files, PAGE)), "overview.csv"},
        )
        self.assertIn(f",{folder},", archive.read("overview.csv").decode())
        page = archive.read(folder + PAGE).decode()
        self.assertIn("in the folder of this page", page)
        self.assertIn(self.chain[-1].hash, page)
        self.assertIn("Text in force then", page)
        for dead in ("attached", "href=", "src="):
            self.assertNotIn(dead, page)

    def test_networks(self):
        proofs = self.env["consent.proof"]
        for ip, network in (
            ("198.51.100.77", "198.51.100.0/24"),
            ("2001:db8:aaaa:bbbb::1", "2001:db8:aaaa::/48"),
            ("fe80::1%eth0", "fe80::/48"),
            ("nonsense", ""),
            (False, ""),
        ):
            self.assertEqual(proofs._network(ip), network)

    def test_strangers_verify_what_is_attached(self):
        """With the two commands that the last page names, and Python alone."""
        self.seal()
        files = self.attached()
        head = self.events(self.ann, self.newsletter)[-1]
        proof = f"event-{head.id}.tlog-proof"
        self.assertEqual(
            set(files), {"privacy-receipt.jsonld", "evidence.jsonl", proof}
        )
        key = ("--key", str(self.verifiers()[0]))
        for command in (
            ("verify.py", "evidence.jsonl", *key, "--proof", proof),
            ("verify_receipt.py", "privacy-receipt.jsonld", *key),
        ):
            with self.subTest(command[0]), tempfile.TemporaryDirectory() as folder:
                for name, content in files.items():
                    Path(folder, name).write_bytes(content)
                done = self.run_tool(folder, *command)
                self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
                self.assertIn(" 0 problems", done.stdout)
                changed = files[command[1]].replace(b"granted", b"refused")
                Path(folder, command[1]).write_bytes(changed)
                self.assertEqual(self.run_tool(folder, *command).returncode, 1)

    def run_tool(self, folder, script, *arguments):
        return subprocess.run(
            [sys.executable, str(TOOLS / script), *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def test_of_one_who_is_erased(self):
        """It says the same, and not who it was."""
        self.ann._consent_record_answers(
            {self.newsletter.id: "granted"}, source="preferences", by_address=True
        )
        self.seal()
        self.assertIn("A link to the present address", self.html())
        former = (self.ann.name, self.ann.email)
        receipt = self.issue()
        order = self.order(self.ann)
        self.erase()
        self.assertFalse(order.line_ids, "what names a person goes with them")
        html = self.html()
        for personal in (*former, "192.0.2.0", "Browser"):
            self.assertNotIn(personal, html)
        self.assertIn(self.chain[-1].hash, html)
        self.assertIn("A link to an address that was erased since", html)
        self.assertIn("no event and no text is missing or altered", html)
        keys = self.verifiers()
        self.assertEqual(list(verify_receipt.problems(receipt, keys)), [])
        [subject] = {
            made["dpv:hasRecordOfActivity"][0]["dpv:hasDataSubject"]["@id"]
            for made in (receipt, self.issue())
        }
        self.assertTrue(subject.startswith("urn:uuid:"))

    def erase(self):
        officer = new_test_user(
            self.env, "eraser", groups=f"{OFFICER},base.group_partner_manager"
        )
        action = self.ann.with_user(officer).action_erase_personal_data()
        self.env["privacy.erase"].with_user(officer).create(
            {
                "erasure_id": action["res_id"],
                "reason": "A letter",
                "confirmation": "ERASE",
            }
        ).action_erase()
        with self.enter_registry_test_mode():
            self.env.ref("privacy_guard.ir_cron_erasures").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.ann.privacy_status, "erased")

    def test_says_what_does_not_hold(self):
        self.seal()
        with self.tampering() as execute:
            execute(
                "UPDATE consent_event SET value_to = 'refused' WHERE id = %s",
                [self.chain[-1].id],
            )
        html = self.html()
        self.assertIn("its content does not match its hash", html)
        self.assertNotIn("no event and no text is missing or altered", html)

    def test_is_for_officers_who_may_read_the_person(self):
        reader = new_test_user(
            self.env, "reader", groups="privacy_guard.group_privacy_user"
        )
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        other = new_test_user(
            self.env,
            "other",
            groups=OFFICER,
            email="other@example.com",
            company_id=elsewhere.id,
            company_ids=[(6, 0, elsewhere.ids)],
        )
        self.ann.company_id = self.env.company
        for user in (reader, other):
            for attempt in (
                self.record.with_user(user).action_proof_pack,
                self.ann.with_user(user).action_privacy_proof,
                lambda user=user: self.html(user=user),
                lambda user=user: (
                    self.env["consent.proof"]
                    .with_user(user)
                    ._files(self.record.with_user(user))
                ),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    attempt()
        self.assertFalse(self.logged("proof"))
        action = self.ann.with_user(self.officer).action_privacy_proof()
        self.assertEqual(action["report_name"], REPORT)
