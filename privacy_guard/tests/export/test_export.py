import io
import json
import os
import zipfile
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.export import privacy_export, privacy_export_content, privacy_export_part
from ...tools import cipher
from ..common import PrivacyCommon

FILES = "odoo.addons.privacy_guard.models.export.privacy_export_content_files"
SECRET = "BE-79-REG-1234"


class ExportCommon(PrivacyCommon):
    """Access copies, and how to look into them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.make_user(
            "ivo", "privacy_guard.group_privacy_officer,base.group_partner_manager"
        )
        cls.ann = cls.make_contact("Ann Example", phone="0470 11 22 33")
        cls.bob = cls.make_contact("Bob Example")

    def sync(self):
        """Let purposes apply to contacts that were there before them."""
        self.env["consent.record"]._sync("res.partner", ids=(self.ann | self.bob).ids)

    def asked(self, subject=None, source="preferences"):
        """:return: the export, built"""
        exports = self.env["privacy.export"].with_user(self.officer)
        export = exports._ask(subject or self.ann, source).sudo()
        export._build()
        return export

    def run_job(self):
        cron = self.env.ref("privacy_guard.ir_cron_privacy_export")
        with mute_logger("odoo.addons.privacy_guard.attempts"):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
        self.env.invalidate_all()

    def fetched(self, export):
        """:return: the ZIP of an export"""
        return zipfile.ZipFile(io.BytesIO(export._fetch().read()))

    def rows(self, archive, model):
        return json.loads(archive.read(f"{model}.json"))

    def message(self, **values):
        return self.env["mail.message"].create(
            {
                "model": "res.partner",
                "res_id": self.ann.id,
                "message_type": "comment",
                "subtype_id": self.env.ref("mail.mt_comment").id,
                "author_id": self.ann.id,
                "body": "<p>Hello</p>",
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestExport(ExportCommon):
    """What a copy holds, and who gets it."""

    def test_holds_what_is_kept_about_the_person(self):
        newsletter = self.make_purpose()
        self.sync()
        self.ann.comment = "<p>Likes <b>tea</b></p>"
        self.answer(self.ann, newsletter, "granted")
        self.message(body="<p>From Ann</p>")
        archive = self.fetched(self.asked())
        (row,) = self.rows(archive, "res.partner")
        self.assertEqual((row["name"], row["phone"]), ("Ann Example", "0470 11 22 33"))
        self.assertIn("tea", row["comment"])
        (consent,) = self.rows(archive, "consent.record")
        self.assertEqual(
            (consent["purpose_id"], consent["value"]), ("Newsletter", "granted")
        )
        self.assertTrue(self.rows(archive, "consent.event"))
        (message,) = self.rows(archive, "mail.message")
        self.assertEqual(message["body"], "From Ann")
        receipt = json.loads(archive.read("privacy-receipt.jsonld"))
        [record] = receipt["dpv:hasRecordOfActivity"]
        self.assertIn("dpv:ConsentGiven", record["dpv:hasConsentStatus"][-1]["@type"])

    def test_page_to_read(self):
        self.make_purpose(
            default_selection="yes",
            legal_basis="legitimate_interests",
            text="We tell you of news.",
        )
        self.sync()
        self.env.company.privacy_information = "Our accountant gets invoices."
        index = self.fetched(self.asked()).read("index.html").decode()
        for text in (
            "Ann Example",
            "0470 11 22 33",
            "We tell you of news.",
            "Our accountant gets invoices.",
            "res.partner.json",
        ):
            self.assertIn(text, index)
        self.assertNotRegex(index, "(?i)<script|https?://")

    def test_holds_nothing_of_other_people(self):
        """Neither notes of employees nor mail of others nor who they are."""
        self.ann.user_id = self.officer
        self.message(author_id=self.bob.id, body="<p>Bob's</p>", res_id=self.bob.id)
        note = self.env.ref("mail.mt_note").id
        staff = self.officer.partner_id.id
        self.message(author_id=staff, subtype_id=note, body="<p>Bob told me</p>")
        self.message(author_id=staff, is_internal=True, body="<p>Bob told me</p>")
        self.message(author_id=staff, body="<p>Dear Ann</p>")
        self.env["res.partner"].create({"name": "Cy Child", "parent_id": self.ann.id})
        archive = self.fetched(self.asked())
        (message,) = self.rows(archive, "mail.message")
        self.assertEqual(message["body"], "Dear Ann")
        everything = b"".join(archive.read(name) for name in archive.namelist())
        for other in (b"Bob", b"Cy Child", self.officer.name.encode()):
            self.assertNotIn(other, everything)

    def test_other_addresses_of_the_person(self):
        self.env["res.partner"].create(
            {"name": "Door", "type": "delivery", "parent_id": self.ann.id}
        )
        rows = self.rows(self.fetched(self.asked()), "res.partner")
        self.assertEqual({row["name"] for row in rows}, {"Ann Example", "Door"})

    def test_what_an_officer_orders_is_of_their_companies(self):
        here = self.env.company
        elsewhere = here.create({"name": "Elsewhere"})
        self.officer.write({"company_id": elsewhere.id, "company_ids": elsewhere.ids})
        door = self.env["res.partner"].create(
            {"name": "Door", "type": "delivery", "parent_id": self.ann.id}
        )
        door.company_id = here
        note = {"model": "res.partner", "res_id": door.id}
        self.message(**note, body="<p>At the door</p>")
        letter = self.env["ir.attachment"].create(
            {"name": "door.txt", "raw": b"Door", "res_model": door._name}
        )
        letter.res_id = door.id
        archive = self.fetched(own := self.asked(source="officer"))
        names = {row["name"] for row in self.rows(archive, "res.partner")}
        self.assertEqual(names, {"Ann Example"})
        self.assertNotIn("mail.message.json", archive.namelist())
        self.assertFalse([n for n in archive.namelist() if n.endswith("door.txt")])
        # what the person asks for themself holds all
        archive = self.fetched(self.asked())
        names = {row["name"] for row in self.rows(archive, "res.partner")}
        self.assertEqual(names, {"Ann Example", "Door"})
        self.assertTrue([n for n in archive.namelist() if n.endswith("door.txt")])
        # nor is that of an officer of more companies handed to one of fewer
        wide = self.make_user("wide", "privacy_guard.group_privacy_officer")
        wide.write({"company_ids": (here | elsewhere).ids})
        theirs = self.env["privacy.export"].with_user(wide)._ask(self.ann, "officer")
        self.assertNotEqual(theirs.id, own.id)
        with self.assertRaises(AccessError):
            theirs.with_user(self.officer).action_download()

    def test_all_records_under_the_address_of_a_link(self):
        other = self.make_contact("Ann Elsewhere", email=None)
        self.env.cr.execute(
            "UPDATE res_partner SET email = %s, email_normalized = %s WHERE id = %s",
            [self.ann.email, self.ann.email, other.id],
        )
        self.env.invalidate_all()
        names = {"Ann Example", "Ann Elsewhere"}
        rows = self.rows(self.fetched(self.asked()), "res.partner")
        self.assertEqual({row["name"] for row in rows}, names)
        # a login proves who somebody is, not an address
        rows = self.rows(self.fetched(self.asked(source="portal")), "res.partner")
        self.assertEqual({row["name"] for row in rows}, {"Ann Example"})

    def test_files(self):
        attachments = self.env["ir.attachment"]
        own = attachments.create(
            {
                "name": "../../letter.txt",
                "raw": b"my letter",
                "res_model": "res.partner",
                "res_id": self.ann.id,
            }
        )
        sent = attachments.create({"name": "sent.txt", "raw": b"sent along"})
        self.message(attachment_ids=[Command.link(sent.id)])
        attachments.create(
            {
                "name": "bob.txt",
                "raw": b"bob",
                "res_model": "res.partner",
                "res_id": self.bob.id,
            }
        )
        # notes of employees are not the person's, and nor are their files
        for number, internal in enumerate(
            ({"is_internal": True}, {"subtype_id": self.env.ref("mail.mt_note").id})
        ):
            note = attachments.create(
                {
                    "name": f"note-{number}.txt",
                    "raw": b"he is a difficult customer",
                    "res_model": "res.partner",
                    "res_id": self.ann.id,
                }
            )
            staff = self.officer.partner_id.id
            files = [Command.link(note.id)]
            self.message(author_id=staff, attachment_ids=files, **internal)
        archive = self.fetched(self.asked())
        files = {n: archive.read(n) for n in archive.namelist() if "attach" in n}
        self.assertEqual(
            files,
            {
                f"attachments/{own.id}-.._.._letter.txt": b"my letter",
                f"attachments/{sent.id}-sent.txt": b"sent along",
            },
        )

    def test_encrypted_values_are_the_persons_to_know(self):
        self.ann.ref = SECRET
        self.env["ir.model.fields"]._get("res.partner", "ref")._privacy_encrypt(4)
        self.addCleanup(self.registry._setup_models__, self.env.cr)
        log = self.env["privacy.access.log"]
        export = self.asked()
        # it leaves for whoever reads the address
        line = log.search([], limit=1)
        self.assertEqual(
            (line.action, line.field_name, line.res_id), ("copy", "ref", self.ann.id)
        )
        archive = self.fetched(export)
        self.assertEqual(self.rows(archive, "res.partner")[0]["ref"], SECRET)
        self.assertIn(SECRET, archive.read("index.html").decode())
        # an officer who looks into a copy has revealed them
        self.asked(source="officer")
        line = log.search([], limit=1)
        self.assertEqual(
            (line.action, line.user_id, line.field_name, line.res_id),
            ("reveal", self.officer, "ref", self.ann.id),
        )

    def test_lies_sealed(self):
        """Of several pieces, each bound to its place."""
        with patch.object(privacy_export_part, "PART_BYTES", 700):
            export = self.asked()
        self.env.cr.execute(
            "SELECT content FROM privacy_export_part WHERE export_id = %s ORDER BY id",
            [export.id],
        )
        contents = [content for (content,) in self.env.cr.fetchall()]
        self.assertGreater(len(contents), 1)
        for content in contents:
            self.assertTrue(content.startswith(f"{cipher.SEALED_VERSION}:"))
        self.assertIsNone(self.fetched(export).testzip())

    def test_altered_or_exchanged_pieces_are_not_handed_out(self):
        with patch.object(privacy_export_part, "PART_BYTES", 700):
            export = self.asked()
        self.env.cr.execute(
            "UPDATE privacy_export_part SET number = 1 - number WHERE number < 2"
        )
        self.env.invalidate_all()
        with self.assertLogs("odoo.addons.privacy_guard", "ERROR"):
            self.assertIsNone(export._fetch())
        self.assertEqual(export.state, "failed")

    def test_works_without_a_key_file(self):
        self.key_file.rename(self.key_file.with_suffix(".away"))
        self.addCleanup(self.key_file.with_suffix(".away").rename, self.key_file)
        self.assertIsNone(self.fetched(self.asked()).testzip())

    def test_downloaded_until_it_is_purged(self):
        export = self.asked()
        for _download in range(2):
            self.assertIsNone(self.fetched(export).testzip())
        self.assertTrue(export.downloaded_at)
        export._set({"expires_at": fields.Datetime.now()})
        export._purge()
        self.assertEqual(export.state, "downloaded")
        self.assertFalse(self.env["privacy.export.part"].search_count([]))
        self.assertIsNone(export._fetch())

    def test_purged_after_a_week(self):
        export = self.asked()
        late = fields.Datetime.now() + privacy_export.KEEP + timedelta(minutes=1)
        with patch.object(fields.Datetime, "now", lambda: late):
            self.assertIsNone(export._fetch())
            export._purge()
        self.assertEqual(export.state, "expired")
        self.assertFalse(self.env["privacy.export.part"].search_count([]))

    def test_asking_again(self):
        """Once a day, unless an officer does it; what is under way is not doubled."""
        exports = self.env["privacy.export"]
        export = exports._ask(self.ann, "preferences")
        self.assertEqual(exports._ask(self.ann, "preferences"), export)
        export.sudo()._build()
        with self.assertRaisesRegex(UserError, "less than a day"):
            exports._ask(self.ann, "preferences")
        # whichever record of theirs it is asked for
        twin = self.make_twin(self.ann)
        with self.assertRaisesRegex(UserError, "less than a day"):
            exports._ask(twin, "preferences")
        first = self.asked(source="officer")
        self.assertNotEqual(self.asked(source="officer"), first)
        self.ann._privacy_set_status("erased", "for the test")
        with self.assertRaisesRegex(UserError, "erased"):
            exports._ask(self.ann, "officer")

    def test_a_copy_whose_link_is_void_is_not_counted(self):
        export, address = self.asked(), self.ann.email
        self.ann.email = "else@example.com"
        self.ann.email = address
        self.assertEqual(export.state, "expired")
        again = self.env["privacy.export"]._ask(self.ann, export.source)
        self.assertNotEqual(again, export)

    def test_mail_has_no_usable_link_at_rest(self):
        export = self.asked()
        mail = self.env["mail.mail"].search([("privacy_export_id", "=", export.id)])
        self.assertNotRegex(mail.body_html, "/privacy/download")
        (values,) = mail._prepare_outgoing_list()
        self.assertRegex(values["body"], rf"/privacy/download/{export.id}/[\w-]{{40}}")
        self.assertEqual(values["email_to_normalized"], ["ann.example@example.com"])

    def test_stopped_people_get_their_copy(self):
        """STP-1: it is owed to them."""
        self.ann._privacy_set_status("stopped", "for the test")
        export = self.asked()
        mail = self.env["mail.mail"].search([("privacy_export_id", "=", export.id)])
        self.assertEqual(mail.state, "outgoing")

    def test_only_officers(self):
        clerk = self.make_user("clerk", "privacy_guard.group_privacy_user")
        with self.assertRaises(AccessError):
            self.ann.with_user(clerk).action_privacy_export()
        action = self.ann.with_user(self.officer).action_privacy_export()
        export = self.env["privacy.export"].search(action["domain"])
        self.assertEqual((export.source, export.user_id), ("officer", self.officer))
        for model in ("privacy.export", "privacy.export.part"):
            with self.assertRaises(UserError):
                self.env[model].with_user(self.officer).create({})
        with self.assertRaises(AccessError):
            self.env["privacy.export.part"].with_user(self.officer).search([])

    def test_nobody_edits_the_pieces(self):
        """Who gives themselves the right on the table does not get it either."""
        export = self.asked(source="officer")
        parts = self.env["privacy.export.part"].search([("export_id", "=", export.id)])
        for change in (
            lambda: parts.write({"number": 7}),
            parts.unlink,
            lambda: parts.create({"export_id": export.id, "number": 7, "content": "x"}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_where_to_download_is_told_to_who_may_see_the_copy(self):
        export = self.asked(source="officer")
        self.assertIn(str(export.id), export.action_download()["url"])
        with self.assertRaises(AccessError):
            export.with_user(self.make_user("clerk")).action_download()

    def test_queries_do_not_grow_with_the_messages(self):
        def queries(count):
            for _number in range(count):
                self.message()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.asked(source="officer")
            return self.env.cr.sql_log_count - before

        queries(50)  # what is cached by then does not count
        # waking up the scheduled action takes one more at times
        few = max(queries(1) for _time in range(3))
        self.assertLessEqual(queries(50), few + 1)

    def test_batches(self):
        for number in range(7):
            self.message(body=f"<p>{number}</p>")
        with patch.object(privacy_export_content, "BATCH_SIZE", 3):
            rows = self.rows(self.fetched(self.asked()), "mail.message")
        self.assertEqual([row["body"] for row in rows], list("0123456"))

    def test_answers_requests(self):
        """REQ-1: mailed to the person; handed over by an officer without an address."""
        requests = self.env["privacy.request"].with_user(self.officer)
        silent = self.make_contact("Si Example", email=False)
        for kind, person, source in (
            ("access", self.ann, "request"),
            ("portability", silent, "officer"),
        ):
            with self.subTest(kind):
                request = requests._make(person, kind, "letter")
                request.with_user(self.officer)._execute()
                export = self.env["privacy.export"].search([("res_id", "=", person.id)])
                self.assertEqual((export.source, request.state), (source, "done"))

    def test_what_others_asked_about_the_same_record_is_not_theirs(self):
        requests = self.env["privacy.request"]
        own = requests._make(self.ann, "objection", "letter")
        requests._make(self.bob, "objection", "letter")
        self.ann._privacy_absorb_on_merge(self.bob)
        archive = self.fetched(self.asked(source="officer"))
        [row] = self.rows(archive, "privacy.request")
        self.assertEqual((row["name"], row["email"]), (own.name, own.email))

    def test_copy_is_not_mailed_where_nobody_asked_for_it(self):
        """What Bob has asked for does not go to Ann, into whom he was merged."""
        request = self.env["privacy.request"]._make(self.bob, "access", "page")
        self.ann._privacy_absorb_on_merge(self.bob)
        request._execute()
        export = self.env["privacy.export"].search([("res_id", "=", self.ann.id)])
        self.assertEqual(export.source, "officer")

    def test_deleted_meanwhile(self):
        exports = self.env["privacy.export"]
        export = exports._ask(self.bob, "preferences").sudo()
        self.bob.unlink()
        self.run_job()
        self.assertEqual(export.state, "failed")
        self.assertIn("deleted", export.failure)

    def test_file_that_cannot_be_read_is_named(self):
        """JOB-5: gone from the disk, or from wherever an add-on keeps it; the copy is
        made without it, and says so in the language of the person."""
        self.env["res.lang"]._activate_and_install_lang("fr_FR")
        self.env["ir.config_parameter"].set_param("ir_attachment.location", "file")
        self.bob.lang = "fr_FR"
        letter, scan, photo = self.env["ir.attachment"].create(
            [
                {
                    "name": f"{name}.txt",
                    "raw": f"what the {name} says, and nothing else".encode(),
                    "res_model": "res.partner",
                    "res_id": self.bob.id,
                }
                for name in ("letter", "scan", "photo")
            ]
        )
        os.unlink(letter._full_path(letter.store_fname))
        files = type(letter)
        read = files._file_read

        def failing(attachment, name, *args, **kwargs):
            if name == scan.store_fname:
                raise ConnectionError("the add-on's storage is away")
            return read(attachment, name, *args, **kwargs)

        export = self.env["privacy.export"]._ask(self.bob, "preferences").sudo()
        with (
            patch.object(files, "_file_read", failing),
            mute_logger(FILES, "odoo.addons.base.models.ir_attachment"),
        ):
            self.run_job()
        self.assertEqual((export.state, export.failure), ("ready", False))
        archive = self.fetched(export)
        named = archive.read("attachments/missing-files.txt").decode()
        self.assertIn("Nous conservons", named)
        self.assertIn("letter.txt", named)
        self.assertIn("scan.txt", named)
        self.assertNotIn("photo.txt", named)
        self.assertIn(f"attachments/{photo.id}-photo.txt", archive.namelist())
        self.assertIn("missing-files.txt", archive.read("index.html").decode())
