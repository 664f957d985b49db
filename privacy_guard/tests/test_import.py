import base64
import io
import zipfile
from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import PrivacyCommon

HEADER = "person,purpose,answer,date,source,note,document"


@tagged("post_install", "-at_install")
class TestImport(PrivacyCommon):
    """Answers given elsewhere, with date, source and proof."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        officer = "base.group_user,privacy_guard.group_privacy_officer"
        cls.officer = cls.make_user("olga", groups=officer, email="olga@example.com")
        cls.purpose = cls.make_purpose(name="News")
        cls.people = [cls.make_contact(f"Person {n}") for n in range(3)]
        cls.ann = cls.people[0]
        cls.cron = cls.env.ref("privacy_guard.ir_cron_consent_import")

    def setUp(self):
        super().setUp()
        for person in self.people:
            self.ask(person, self.purpose)

    def line(self, person="person.0@example.com", **values):
        row = {
            "purpose": "News",
            "answer": "yes",
            "date": "2024-05-01",
            "source": "Fair",
            "note": "Signed a card",
            "document": "",
            **values,
        }
        return ",".join([person, *row.values()])

    def load(self, *lines, user=None, **values):
        """:return: an import, checked"""
        text = "\n".join([HEADER, *lines])
        imported = self.env["consent.import"].with_user(user or self.officer)
        imported = imported.create(
            {
                "file": base64.b64encode(text.encode()),
                "file_name": "answers.csv",
                **values,
            }
        )
        imported.action_check()
        return imported

    def run_import(self, imported):
        imported.action_import()
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def reasons(self, imported):
        return [(line.number, line.state) for line in imported.line_ids]

    # Recording

    def test_records_answer_date_and_evidence(self):
        imported = self.load(
            self.line(), self.line("person.1@example.com", answer="no")
        )
        self.assertEqual(self.value(self.ann, self.purpose), "waiting")
        self.run_import(imported)
        self.assertEqual(imported.state, "done")
        self.assertEqual(imported.done_count, 2)
        consent = self.consent(self.ann, self.purpose)
        self.assertEqual(consent.value, "granted")
        self.assertEqual(consent.answered_at, datetime(2024, 5, 1))
        self.assertEqual(self.value(self.people[1], self.purpose), "refused")
        event = self.events(self.ann, self.purpose)[-1]
        self.assertEqual((event.source, event.user_id), ("import", self.officer))
        self.assertEqual(event.answered_at, consent.answered_at)
        self.assertEqual(self.env["consent.event"]._verify(), [])
        evidence = self.env["consent.evidence"].search(
            [("digest", "=", event.evidence_hash)]
        )
        self.assertEqual(evidence.note, "Fair, 2024-05-01: Signed a card")
        self.assertFalse(imported.file)
        self.assertFalse(list(self.env["consent.evidence"]._forged()))

    def test_people_and_purposes_by_id(self):
        xmlid = self.env["ir.model.data"].create(
            {
                "module": "old_crm",
                "name": "contact_7",
                "model": "res.partner",
                "res_id": self.people[1].id,
            }
        )
        imported = self.load(
            self.line(str(self.ann.id), purpose=str(self.purpose.id)),
            self.line(xmlid.complete_name, purpose="news"),
            self.line("Person Two <PERSON.2@Example.com>"),
        )
        self.run_import(imported)
        for person in self.people:
            self.assertEqual(self.value(person, self.purpose), "granted")

    def test_a_name_that_two_consents_have_is_none(self):
        self.make_purpose(name="NEWS")
        imported = self.load(self.line(), self.line(purpose=str(self.purpose.id)))
        self.assertEqual(self.reasons(imported), [(2, "refused"), (3, "ready")])

    def test_proof(self):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("card.pdf", b"%PDF the card")
        proof = base64.b64encode(archive.getvalue())
        imported = self.load(
            self.line(document="card.pdf"),
            self.line("person.1@example.com", document="lost.pdf"),
            documents=proof,
        )
        self.assertEqual(self.reasons(imported), [(2, "ready"), (3, "refused")])
        self.run_import(imported)
        evidence = self.env["consent.evidence"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.ann.id)]
        )
        self.assertEqual(base64.b64decode(evidence.document), b"%PDF the card")

    def test_refusing_erases_the_field(self):
        purpose = self.make_data_purpose("function")
        self.ann.function = "Baker"
        self.ask(self.ann, purpose)
        self.run_import(self.load(self.line(purpose=purpose.name, answer="no")))
        self.assertFalse(self.ann.function)

    def test_whoever_has_said_no_themself_is_told(self):
        """IDN-6: as where an officer records it, and the officer reads of it."""
        ben, cleo = self.people[1:]
        officer = {"source": "officer", "user_id": self.officer.id}
        refused = {self.purpose.id: "refused"}
        with freeze_time("2024-04-01"):
            self.ann._consent_record_answers(refused, source="preferences")
            # noted once more by somebody else, it is their own no as before
            (self.ann | ben)._consent_record_answers(refused, **officer)
            cleo._consent_record_answers(refused, source="sms")
        mails = self.env["mail.mail"]
        before = mails.search([])
        imported = self.load(
            *(self.line(f"person.{number}@example.com") for number in range(3))
        )
        self.run_import(imported)
        self.assertEqual(imported.done_count, 3)
        for person in self.people:
            self.assertEqual(self.value(person, self.purpose), "granted")
        told = mails.search([]) - before
        self.assertEqual(told.recipient_ids, self.ann | cleo)
        self.assertIn("If you did not save these choices yourself", told[0].body_html)
        self.assertEqual(imported.turned_line_ids.mapped("number"), [2, 4])
        self.assertFalse(imported.refused_line_ids or imported.report)

    # Refused lines

    def test_each_refused_line_says_why(self):
        company = self.make_contact("A Company", is_company=True)
        self.make_contact("Twin", email="twin@example.com")
        twin = self.make_contact("Twin", email="twin.two@example.com")
        self.env.cr.execute(
            "UPDATE res_partner SET email_normalized = %s WHERE id = %s",
            ["twin@example.com", twin.id],
        )
        self.env.invalidate_all()
        lines = [
            self.line("nobody@example.com"),
            self.line("twin@example.com"),
            self.line(purpose="Unknown"),
            self.line(answer="perhaps"),
            self.line(date="2999-01-01"),
            self.line(source=""),
            self.line(note=""),
            self.line(str(company.id)),
            self.line(str(2**31 - 1)),
            self.line("²"),
        ]
        imported = self.load(*lines)
        self.assertEqual(imported.refused_count, len(lines))
        self.assertTrue(all(imported.line_ids.mapped("reason")))
        report = base64.b64decode(imported.report).decode("utf-8-sig")
        self.assertEqual(len(report.splitlines()), len(lines) + 1)
        self.assertIn("in the future", report)
        with self.assertRaises(UserError):
            imported.action_import()

    def test_unreadable_files(self):
        imports = self.env["consent.import"].with_user(self.officer)
        for content in (b"a,b\n1,2", b'"', b""):
            with self.assertRaises(UserError):
                imports.create({"file": base64.b64encode(content)}).action_check()
        with self.assertRaises(UserError):
            self.load(self.line(), documents=base64.b64encode(b"no archive"))

    # Which answer counts

    def test_a_newer_answer_stays(self):
        self.answer(self.ann, self.purpose, "refused")  # today
        # EVI-1: whatever the row says
        self.env.cr.execute(
            "UPDATE consent_record SET answered_at = NULL WHERE res_id = %s",
            [self.ann.id],
        )
        imported = self.load(self.line())
        self.run_import(imported)
        self.assertEqual(self.value(self.ann, self.purpose), "refused")
        self.assertEqual(self.reasons(imported), [(2, "skipped")])

    def test_an_older_import_is_overtaken_by_a_newer_one(self):
        self.run_import(self.load(self.line(date="2024-05-01")))
        self.run_import(self.load(self.line(date="2024-04-01", answer="no")))
        self.assertEqual(self.value(self.ann, self.purpose), "granted")
        self.run_import(self.load(self.line(date="2024-06-01", answer="no")))
        self.assertEqual(self.value(self.ann, self.purpose), "refused")

    def test_of_one_file_the_last_answer_counts(self):
        imported = self.load(
            self.line(date="2024-05-01"),
            self.line(date="2024-05-03", answer="no"),
            self.line(date="2024-05-02"),
        )
        self.run_import(imported)
        self.assertEqual(self.value(self.ann, self.purpose), "refused")
        self.assertEqual(imported.done_count, 1)

    def test_of_the_same_moment_a_no_counts(self):
        """IMP-4: in whichever line it stands, in whichever portion, and beside what was
        recorded before."""
        path = "odoo.addons.privacy_guard.models.importing.consent_import_line.LOOKUP"
        no, yes = self.line(answer="no"), self.line()
        for lookup in (5_000, 1):
            with patch(path, lookup):
                for lines in ([no, yes], [yes, no]):
                    imported = self.load(*lines)
                    found = [(line.answer, line.state) for line in imported.line_ids]
                    expected = {"no": "ready", "yes": "skipped"}
                    self.assertEqual(dict(found), expected)
        for answer in ("yes", "no", "yes"):
            self.run_import(self.load(self.line(answer=answer)))
        self.assertEqual(self.value(self.ann, self.purpose), "refused")

    def test_across_portions_the_last_answer_counts(self):
        path = "odoo.addons.privacy_guard.models.importing.consent_import_line.LOOKUP"
        with patch(path, 1):
            imported = self.load(
                self.line(date="2024-05-01"),
                self.line(date="2024-05-03", answer="no"),
                self.line(date="2024-05-02"),
            )
        states = [state for _number, state in self.reasons(imported)]
        self.assertEqual(states, ["skipped", "ready", "skipped"])

    def test_imported_twice_is_recorded_once(self):
        self.run_import(self.load(self.line()))
        events = self.events(self.ann, self.purpose)
        again = self.load(self.line())
        self.run_import(again)
        self.assertEqual(self.events(self.ann, self.purpose), events)
        self.assertEqual(again.skipped_count, 1)

    # Interruptions

    def test_a_line_that_cannot_be_recorded_holds_up_no_other(self):
        """JOB-4: it is refused, with the reason."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            for n in range(3):
                file.writestr(f"{n}.txt", f"signed {n}")
        # what the archive's checksum does not fit any more
        content = archive.getvalue().replace(b"signed 1", b"forged 1")
        imported = self.load(
            *(
                self.line(f"person.{n}@example.com", document=f"{n}.txt")
                for n in range(3)
            ),
            documents=base64.b64encode(content),
        )
        with mute_logger("odoo.addons.privacy_guard.attempts"):
            self.run_import(imported)
        states = [state for _number, state in self.reasons(imported)]
        self.assertEqual(states, ["done", "failed", "done"])
        self.assertIn("BadZipFile", imported.line_ids[1].reason)
        self.assertEqual(imported.state, "done")
        self.assertIn("1 could not be done", imported.failure)
        # what failed needs it again
        self.assertTrue(imported.documents)

    def test_document_that_many_lines_name_is_read_once(self):
        """JOB-5: a thousand lines may name one scan of many megabytes."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("scan.pdf", b"all of them signed")
        imported = self.load(
            *(
                self.line(f"person.{n}@example.com", document="scan.pdf")
                for n in range(3)
            ),
            documents=base64.b64encode(archive.getvalue()),
        )
        evidence = type(self.env["consent.evidence"])
        read, hashed = zipfile.ZipFile.read, evidence._hash_of
        with (
            patch.object(
                zipfile.ZipFile, "read", autospec=True, side_effect=read
            ) as reads,
            patch.object(
                evidence, "_hash_of", autospec=True, side_effect=hashed
            ) as hashes,
        ):
            self.run_import(imported)
        self.assertEqual((reads.call_count, hashes.call_count), (1, 1))
        stored = self.env["consent.evidence"].search(
            [("document_name", "=", "scan.pdf")]
        )
        self.assertEqual(
            stored.mapped("document"), [base64.b64encode(b"all of them signed")] * 3
        )
        self.assertFalse([*stored._forged()])

    def test_killed_in_between_goes_on(self):
        lines = [self.line(f"person.{n}@example.com") for n in range(3)]
        imported = self.load(*lines)
        imported.action_import()
        where = "odoo.addons.privacy_guard.models.importing.consent_import_run"
        records = type(self.env["consent.record"])
        apply_changes, calls = records._apply_changes, []

        def dying(self, *args, **kwargs):
            calls.append(1)
            result = apply_changes(self, *args, **kwargs)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return result

        with self.enter_registry_test_mode(), patch(f"{where}.BATCH_SIZE", 1):
            with (
                patch.object(records, "_apply_changes", dying),
                self.assertRaises(KeyboardInterrupt),
                self.env.registry.cursor() as cr,
            ):
                self.env(cr=cr, user=self.env.ref("base.user_root").id)[
                    "consent.import"
                ]._run()
            self.cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(imported.state, "done")
        for person in self.people:
            answers = self.events(person, self.purpose).filtered(
                lambda event: event.kind == "answer"
            )
            self.assertEqual(len(answers), 1)

    def test_what_changed_since_the_dry_run(self):
        stopped = self.people[2]
        imported = self.load(
            self.line(),
            self.line("person.1@example.com"),
            self.line(stopped.email),
        )
        self.assertEqual(imported.ready_count, 3)
        self.answer(self.ann, self.purpose, "refused")
        stopped._privacy_stop("asked")
        self.people[1]._privacy_set_status("duplicate", "test")
        self.env["consent.record"]._sync("res.partner", ids=self.people[1].ids)
        self.run_import(imported)
        self.assertEqual(self.value(self.ann, self.purpose), "refused")
        self.assertNotEqual(self.value(stopped, self.purpose), "granted")
        self.assertEqual(imported.skipped_count, 3)
        # a stop binds, whenever the yes was said; a no is recorded
        yes, no = self.line(stopped.email), self.line(stopped.email, answer="no")
        self.assertEqual(self.load(yes).line_ids.reason[-19:], "stopped processing.")
        self.assertEqual(self.load(no).ready_count, 1)

    # Hostile users

    def test_officers_only(self):
        user = self.make_user(
            "uwe",
            groups="base.group_user,privacy_guard.group_privacy_user",
            email="uwe@example.com",
        )
        with self.assertRaises(AccessError):
            self.load(self.line(), user=user)
        imported = self.load(self.line())
        for attempt in (
            lambda: imported.with_user(user).action_check(),
            lambda: imported.with_user(user).action_import(),
            lambda: imported.with_user(user).read(["file_name"]),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_nobody_skips_the_dry_run(self):
        imported = self.load(self.line())
        imports = self.env["consent.import"].with_user(self.officer)
        line = imported.line_ids
        for refusal, attempt in (
            (AccessError, lambda: imported.write({"state": "running"})),
            (AccessError, lambda: imports.create({"state": "running"})),
            (AccessError, lambda: imports.create({"user_id": self.env.uid})),
            (AccessError, lambda: line.write({"value": "refused"})),
            (AccessError, lambda: line.copy({"res_id": self.people[1].id})),
            (UserError, lambda: imported.write({"file": False})),
        ):
            with self.assertRaises(refusal):
                attempt()

    def test_contacts_that_the_officer_may_not_read(self):
        self.env["ir.rule"].create(
            {
                "name": "Not Ann",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": f"[('id', '!=', {self.ann.id})]",
            }
        )
        imported = self.load(self.line(), self.line(str(self.ann.id)))
        self.assertEqual(imported.refused_count, 2)

    def test_others_do_not_see_it(self):
        imported = self.load(self.line())
        other = self.make_user(
            "oleg",
            groups="base.group_user,privacy_guard.group_privacy_officer",
            email="oleg@example.com",
        )
        theirs = self.env["consent.import"].with_user(other)
        self.assertNotIn(imported.id, theirs.search([]).ids)
        self.assertFalse(self.env["consent.import.line"].with_user(other).search([]))

    # Sets, and the form

    def test_queries_do_not_grow(self):
        counts = []
        for count in (20, 200):
            people = self.env["res.partner"].create(
                [
                    {"name": "P", "email": f"p{count}.{n}@example.com"}
                    for n in range(count)
                ]
            )
            for person in people:
                self.ask(person, self.purpose)
            imported = self.load(*(self.line(p.email) for p in people))
            self.env.flush_all()
            self.env.invalidate_all()
            lines = imported.sudo().line_ids
            lines.mapped("note")
            before = self.cr.sql_log_count
            lines._record()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_form(self):
        imports = self.env["consent.import"].with_user(self.officer)
        with Form(imports) as form:
            form.file = base64.b64encode(f"{HEADER}\n{self.line()}".encode())
        form.record.action_check()
        self.assertEqual(form.record.ready_count, 1)
