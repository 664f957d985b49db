import os
from unittest.mock import patch

import psycopg2
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.privacy_guard.models.encryption import ir_model_fields_conversion
from odoo.addons.privacy_guard.tools import keyring
from odoo.addons.privacy_guard.tools.cipher import is_encrypted

from .encryption_common import MASKED, VALUE, EncryptionCommon

LOG = "odoo.addons.privacy_guard.fields.encrypted"
JOB = "odoo.addons.privacy_guard.models.encryption.ir_model_fields_conversion"


@tagged("post_install", "-at_install")
class TestEncryptionSwitching(EncryptionCommon):
    """FLD-3: turning on and off, converting in the background, keys."""

    encrypted = ()

    def setUp(self):
        # runs after the rollback of the test
        self.addCleanup(self.registry._setup_models__, self.cr)
        super().setUp()
        self.field = self.ir_field("ref")

    def states(self):
        return self.field.privacy_encryption, self.field.privacy_progress

    def test_existing_values_are_converted_in_the_background(self):
        self.field._privacy_encrypt(4)
        self.assertEqual(self.states(), ("encrypting", 0))
        self.assertEqual(self.stored(self.ann), VALUE)
        self.assertEqual(self.ann.with_user(self.employee).ref, MASKED)
        self.convert()
        self.assertEqual(self.states(), ("on", 100))
        self.assertTrue(is_encrypted(self.stored(self.ann)))
        self.assertEqual(self.ann.with_user(self.employee).ref, MASKED)

    def test_the_modification_date_stays(self):
        self.ann.write_date = before = self.ann.write_date
        self.encrypt("ref")
        self.env.invalidate_all()
        self.assertEqual(self.ann.write_date, before)

    def test_both_kinds_are_found_and_readable_meanwhile(self):
        self.field._privacy_encrypt(4)
        bea = self.make_contact("Bea Example", ref=VALUE)
        self.assertTrue(is_encrypted(self.stored(bea)))
        found = self.env["res.partner"].search([("ref", "=", VALUE)])
        self.assertEqual(found, self.ann | bea)
        self.field._privacy_decrypt()
        cid = self.make_contact("Cid Example", ref=VALUE)
        self.assertEqual(self.stored(cid), VALUE)
        found = self.env["res.partner"].search([("ref", "=", VALUE)])
        self.assertEqual(found, self.ann | bea | cid)
        self.assertEqual(found.with_user(self.employee).mapped("ref"), [MASKED] * 3)

    def test_off_brings_the_text_back(self):
        self.encrypt("ref")
        self.field._privacy_decrypt()
        self.convert()
        self.assertEqual(self.states(), ("off", 100))
        self.assertEqual(self.stored(self.ann), VALUE)
        self.assertEqual(self.ann.with_user(self.employee).ref, VALUE)
        self.assertIn(
            self.ann, self.env["res.partner"].search([("ref", "like", "REG")])
        )

    def test_batches_resume(self):
        people = self.env["res.partner"].create(
            [{"name": f"P{n}", "ref": f"R-{n}"} for n in range(25)]
        )
        self.field._privacy_encrypt(0)
        with (
            patch.object(ir_model_fields_conversion, "BATCH_SIZE", 10),
            self.without_commits(),
        ):
            self.field._privacy_convert_batch()
        done = [is_encrypted(self.stored(person)) for person in people]
        self.assertTrue(any(done) and not all(done))
        self.convert()
        self.assertTrue(all(is_encrypted(self.stored(person)) for person in people))

    def test_scheduled_action_comes_again_until_all_is_finished(self):
        """The time may be up after any batch, the last one included."""
        reported = []

        def time_is_up(cron, processed=0, *, remaining=None):
            reported.append(remaining)
            return 0

        self.field._privacy_encrypt(4)
        with (
            self.without_commits(),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", time_is_up),
        ):
            while self.field.privacy_encryption == "encrypting":
                self.env["ir.model.fields"]._privacy_convert_all()
                self.assertTrue(reported[-1])
            self.env["ir.model.fields"]._privacy_convert_all()
        self.assertEqual(reported[-1], 0)

    def test_a_field_that_cannot_be_converted_holds_up_no_other(self):
        """JOB-4: it is marked with the reason, and tried again by the next call."""
        other = self.ir_field("function")
        for field in (self.field, other):
            field._privacy_encrypt(0)
        self.env["res.partner"].create(
            [{"name": f"P{n}", "ref": f"R{n}", "function": f"F{n}"} for n in range(3)]
        )
        self.convert()
        middle = self.env["res.partner"].search([("name", "=", "P1")])
        # the value of another field opens nowhere else
        moved = "UPDATE res_partner SET ref = %s WHERE id = %s"
        self.env.cr.execute(moved, [self.stored(middle, "function"), middle.id])
        for field in (self.field, other):
            field._privacy_decrypt()
        with mute_logger(JOB, "odoo.addons.privacy_guard.attempts"):
            self.convert()
        states = (self.field.privacy_encryption, other.privacy_encryption)
        self.assertEqual(states, ("decrypting", "off"))
        self.assertIn("1 values cannot be converted", self.field.privacy_failure)
        [item] = self.env["privacy.job.item"].search([("job_id", "=", self.field.id)])
        self.assertEqual(item.partner_id, middle)
        # the others are plain text
        before = middle.search([("name", "=", "P0")])
        self.assertEqual(self.stored(before), "R0")
        self.assertFalse(other.privacy_failure)
        self.env.cr.execute(moved, ["R1", middle.id])
        self.convert()
        self.assertEqual(self.field.privacy_encryption, "off")
        self.assertFalse(self.field.privacy_failure)
        self.assertFalse(item.exists())

    def test_queries_do_not_grow_with_the_values(self):
        def queries(count):
            self.env["res.partner"].create(
                [{"name": f"P{n}", "ref": f"R-{n}"} for n in range(count)]
            )
            self.field._privacy_encrypt(0)
            self.env.cr.flush()  # and send what is told to browsers
            before = self.env.cr.sql_log_count
            with self.without_commits():
                self.field._privacy_convert_batch()
            spent = self.env.cr.sql_log_count - before
            self.field._privacy_decrypt()
            self.convert()
            return spent

        self.assertEqual(queries(1), queries(300))

    def test_database_refuses_what_is_out_of_date(self):
        """A process that has not noticed yet, or raw SQL."""

        def write(value):
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.env.cr.execute(
                    "UPDATE res_partner SET ref = %s WHERE id = %s",
                    [value, self.ann.id],
                )

        self.encrypt("ref")
        ciphertext = self.stored(self.ann)
        with self.assertRaisesRegex(psycopg2.Error, "plain text refused"):
            write("text")
        write(ciphertext)
        self.field._privacy_decrypt()
        with self.assertRaisesRegex(psycopg2.Error, "encrypted text refused"):
            write(ciphertext)
        self.convert()
        write("text")

    def test_copies_that_odoo_keeps_go(self):
        track = self.env["res.partner"].with_context(tracking_disable=False)
        self.flush_tracking()
        ann = track.browse(self.ann.id)
        # a tracked field that other add-ons compute nothing from
        custom = {"name": "x_card", "field_description": "Card", "ttype": "char"}
        custom["model_id"] = self.env.ref("base.model_res_partner").id
        tracked = self.env["ir.model.fields"].create({**custom, "tracking": 1})
        ann.x_card = "CARD-0001"
        self.flush_tracking()
        values = self.env["mail.tracking.value"].search([("field_id", "=", tracked.id)])
        self.assertTrue(values)
        self.env["ir.default"].set("res.partner", "x_card", "CARD-0002")
        self.encrypt("x_card")
        self.assertFalse(values.exists())
        self.assertFalse(self.env["ir.default"].search([("field_id", "=", tracked.id)]))
        ann.with_user(self.employee).x_card = "CARD-0003"
        self.flush_tracking()
        self.assertFalse(
            self.env["mail.tracking.value"].search([("field_id", "=", tracked.id)])
        )

    def test_whoever_notes_changes_notes_masks(self):
        """ENC-1: other add-ons make rows of the history themselves, as superuser."""
        self.encrypt("ref")
        message = self.ann.message_post(body="noted")
        address = self.ir_field("contact_address")
        plain = self.ir_field("function")
        row = {"mail_message_id": message.id, "old_value_char": VALUE}
        noted = self.env["mail.tracking.value"].create(
            [
                {**row, "field_id": self.field.id, "new_value_char": "NEW-5678"},
                {**row, "field_id": plain.id},
                {**row, "field_id": self.field.id, "new_value_integer": 7},
            ]
        )
        self.assertEqual(noted.mapped("old_value_char"), [MASKED, VALUE, MASKED])
        self.assertEqual(noted[0].new_value_char, "••••5678")
        self.assertEqual(noted[2].new_value_integer, 7)
        self.assertNotIn(
            address.id, self.field._privacy_masked_in_histories(), "of other fields"
        )

    def test_a_history_of_another_add_on(self):
        """It is declared by name, whether it is there or not."""
        declared = {"ir.logging": ("message",), "no.such.model": ("text",)}
        self.patch(type(self.field), "_privacy_histories", lambda self: declared)
        self.addCleanup(
            setattr, self.registry["ir.logging"], "_privacy_history_columns", ()
        )
        self.field._register_hook()
        self.assertEqual(self.env["ir.logging"]._privacy_history_columns, ("message",))

    def test_files_that_repeat_values_are_masked(self):
        """All but the scripts and styles that Odoo itself generates."""
        text = {"name": "x.css", "raw": f"a,{VALUE},b".encode(), "mimetype": "text/css"}
        like_assets = {
            **text,
            "url": "/web/assets/1/x.css",
            "public": True,
            "res_model": "ir.ui.view",
            "res_id": 0,
        }
        files = self.env["ir.attachment"]
        by_admin = files.with_user(self.env.ref("base.user_admin"))
        masked = files.create(text) + by_admin.create(like_assets).sudo()
        generated = files.create(like_assets)
        self.encrypt("ref")
        (masked + generated).invalidate_recordset()
        for file in masked:
            self.assertEqual(file.raw.decode(), f"a,{MASKED},b")
        self.assertIn(VALUE, generated.raw.decode())

    def test_tracking_of_text_that_shows_the_value_goes(self):
        """The address in one line, which Odoo computes and tracks."""
        inline = self.ir_field("contact_address_inline")
        domain = [("field_id", "=", inline.id)]
        self.flush_tracking()
        track = self.env["res.partner"].with_context(tracking_disable=False)
        ann = track.browse(self.ann.id)
        for street in ("Former street 1", "Present street 2"):
            ann.street = street
            self.flush_tracking()
        values = self.env["mail.tracking.value"].search(domain)
        self.assertIn("Former street 1", values.mapped("old_value_char")[0])
        self.encrypt("street")
        self.assertFalse(values.exists())
        ann.with_user(self.employee).write({"street": "New street 3", "city": "Ghent"})
        self.flush_tracking()
        self.assertFalse(self.env["mail.tracking.value"].search(domain))

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    # ------------------------------------------------------------------
    # Who, and which fields
    # ------------------------------------------------------------------

    def test_only_officers(self):
        admin = self.make_user("sam", "base.group_system")
        for user in (self.employee, admin):
            with self.assertRaises(AccessError):
                self.field.with_user(user).sudo(False)._privacy_encrypt(4)
        self.field.with_user(self.officer)._privacy_encrypt(4)
        self.field.with_user(self.officer)._privacy_decrypt()

    def test_nobody_writes_the_state_directly(self):
        for user in (self.officer, self.make_user("sam", "base.group_system")):
            for vals in ({"privacy_encryption": "off"}, {"privacy_visible_chars": 99}):
                with self.assertRaises(UserError):
                    self.field.with_user(user).write(vals)

    def test_fields_that_cannot_be_encrypted_say_why(self):
        for name, reason in {
            "name": "Odoo needs it",
            "email": "Odoo needs it",
            "color": "only text that is stored",
            "contact_address": "only text that is stored",
            "partner_latitude": "only text that is stored",
            "barcode": "several values",
        }.items():
            with self.subTest(name), self.assertRaisesRegex(UserError, reason):
                self.ir_field(name)._privacy_encrypt(4)

    def refuses_as_value(self, ciphertext):
        ways = {
            "write": lambda: self.ann.with_user(self.employee).write(
                {"ref": ciphertext}
            ),
            "superuser": lambda: self.ann.sudo().write({"ref": ciphertext}),
            "create": lambda: self.make_contact("Cid Example", ref=ciphertext),
        }
        for name, way in ways.items():
            with self.subTest(way=name, state=self.field.privacy_encryption):
                with self.assertRaisesRegex(UserError, "not a value"):
                    way()
        result = self.env["res.partner"].load(["name", "ref"], [["Cid", ciphertext]])
        self.assertFalse(result["ids"])

    def test_ciphertext_is_no_value(self):
        """FLD-3: whoever has read some stores it nowhere as text."""
        self.encrypt("ref")
        ciphertext = self.stored(self.ann)
        self.refuses_as_value(ciphertext)
        self.field._privacy_decrypt()
        self.refuses_as_value(ciphertext)
        self.convert()
        self.refuses_as_value(ciphertext)
        self.assertEqual(self.ann.ref, VALUE)

    def test_ciphertext_that_is_seen_after_decrypting_leaves_nowhere(self):
        """Of who began before: the transaction begins again, and sees the text."""
        self.encrypt("ref")
        ciphertext = self.stored(self.ann)
        self.field._privacy_decrypt()
        self.convert()
        self.assertEqual(self.states(), ("off", 100))
        self.store(self.ann, ciphertext)
        ann = self.ann.with_user(self.employee)
        for way in (
            lambda: ann.read(["ref"]),
            lambda: ann.export_data(["ref"]),
            lambda: ann.sudo().search_read([("id", "=", ann.id)], ["ref"]),
        ):
            self.env.invalidate_all()
            with self.assertRaises(ConcurrencyError):
                way()
        self.store(self.ann, VALUE)
        self.assertEqual(ann.read(["ref"])[0]["ref"], VALUE)

    def test_read_while_another_thread_encrypts(self):
        """What to fetch was said before: for Odoo to begin again, no error."""
        plain = self.env["res.partner"]._fields["ref"]
        self.encrypt("ref")
        partners = self.env["res.partner"]
        query = partners._search([("id", "=", self.ann.id)])
        with self.assertRaises(ConcurrencyError):
            partners._fetch_query(query, [plain])

    def test_a_custom_field_goes_once_it_is_text_again(self):
        field = self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "name": "x_card",
                "field_description": "Card",
                "ttype": "char",
            }
        )
        field._privacy_encrypt(4)
        for action in (lambda: None, self.convert, field._privacy_decrypt):
            action()
            with self.subTest(state=field.privacy_encryption):
                with self.assertRaisesRegex(UserError, "turn encryption off first"):
                    field.unlink()
        self.convert()
        purposes = self.env["consent.purpose"].with_context(active_test=False)
        draft = purposes.search([("field_id", "=", field.id)])
        self.assertTrue(draft)
        field.unlink()
        self.assertFalse(draft.exists())

    def test_text_that_looks_like_ciphertext(self):
        self.ann.ref = "pg1:typed"
        with self.assertRaisesRegex(UserError, "look as if"):
            self.field._privacy_encrypt(4)

    def test_stored_copies_are_named(self):
        self.env["ir.model.fields"].create(
            {
                "model_id": self.env.ref("base.model_res_users").id,
                "name": "x_ref_copy",
                "field_description": "Copy",
                "ttype": "char",
                "related": "partner_id.ref",
                "store": True,
            }
        )
        with self.assertRaisesRegex(
            UserError, r"User \(Copy\)\. Delete these"
        ) as refused:
            self.field._privacy_encrypt(4)
        self.assertNotIn("x_ref_copy", str(refused.exception))

    def test_copies_that_name_only_the_link_are_found(self):
        """ENC-1: by their name, or because their rows have the same values."""
        copy = {
            "model_id": self.env.ref("base.model_res_users").id,
            "field_description": "Copy",
            "ttype": "char",
            "depends": "partner_id",
            "store": True,
        }
        code = "for user in self: user['%s'] = user.partner_id.ref"
        for name in ("x_ref", "x_other"):
            self.env["ir.model.fields"].create(
                {**copy, "name": name, "compute": code % name}
            )
        found = self.field._privacy_found_copies
        self.assertFalse(found(), "no row says that it is a copy")
        self.employee.partner_id.ref = "EMP-0001"
        self.employee.modified(["partner_id"])
        self.env.flush_all()
        self.assertEqual({copy.name for copy in found()}, {"x_ref", "x_other"})
        with self.assertRaisesRegex(UserError, r"User \(Copy\)"):
            self.field._privacy_encrypt(4)

    def test_stored_copies_are_refused_later(self):
        self.encrypt("ref")
        with self.assertRaisesRegex(UserError, "would repeat the values"):
            self.env["ir.model.fields"].create(
                {
                    "model_id": self.env.ref("base.model_res_users").id,
                    "name": "x_ref_copy",
                    "field_description": "Copy",
                    "ttype": "char",
                    "related": "partner_id.ref",
                    "store": True,
                }
            )

    def test_companions_are_encrypted_along(self):
        """Text that another add-on computes, and has made sure works encrypted."""
        self.env["ir.model.fields"].create(
            {
                "model_id": self.env.ref("base.model_res_partner").id,
                "name": "x_ref_upper",
                "field_description": "Upper",
                "ttype": "char",
                "depends": "ref",
                "compute": "for record in self: record['x_ref_upper'] = record.ref",
                "store": True,
            }
        )
        self.ann.ref = "be-1234"
        with self.assertRaisesRegex(UserError, r"Contact \(Upper\)"):
            self.field._privacy_encrypt(4)
        known = frozenset({("res.partner", "x_ref_upper")})
        self.patch(type(self.field), "_privacy_known_companions", lambda self: known)
        self.encrypt("ref")
        self.assertTrue(is_encrypted(self.stored(self.ann, "x_ref_upper")))
        self.ann.with_user(self.employee).ref = "be-5678"
        self.assertTrue(is_encrypted(self.stored(self.ann, "x_ref_upper")))
        self.assertEqual(self.ann.with_user(self.employee).x_ref_upper, "••••678")
        # a page that is rendered, and masked, makes it be computed
        self.ann.ref = "be-9012"
        self.env["mail.render.mixin"]._render_template(
            "{{ object.x_ref_upper }}", "res.partner", self.ann.ids
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.ann.sudo().x_ref_upper, "be-9012")
        self.ann.ref = "be-5678"
        self.field._privacy_decrypt()
        self.convert()
        self.assertEqual(self.stored(self.ann, "x_ref_upper"), "be-5678")

    def test_limit(self):
        names = ("ref", "street", "street2", "city", "zip")
        for name in names:
            self.ir_field(name)._privacy_encrypt(0)
        with self.assertRaisesRegex(UserError, "At most 5"):
            self.ir_field("function")._privacy_encrypt(0)

    def test_custom_field(self):
        custom = self.env["ir.model.fields"].create(
            {
                "model_id": self.env.ref("base.model_res_partner").id,
                "name": "x_passport",
                "field_description": "Passport",
                "ttype": "char",
            }
        )
        self.ann.x_passport = "PASS-0001"
        self.encrypt("x_passport")
        self.assertTrue(is_encrypted(self.stored(self.ann, "x_passport")))
        self.assertEqual(self.ann.with_user(self.employee).x_passport, "••••0001")
        custom._privacy_decrypt()
        self.convert()
        self.assertEqual(self.ann.with_user(self.employee).x_passport, "PASS-0001")

    # ------------------------------------------------------------------
    # Keys
    # ------------------------------------------------------------------

    def with_keys(self, path):
        return patch.dict(os.environ, {"PRIVACY_GUARD_KEYRING": str(path)})

    def test_no_key_no_encryption(self):
        with (
            self.with_keys("/nowhere/keyring.json"),
            self.assertRaisesRegex(UserError, "Ask your administrator"),
        ):
            self.field._privacy_encrypt(4)
        self.assertFalse(self.field.privacy_encryption)

    def test_missing_key(self):
        """Nothing is overwritten, and reading says which key is missing."""
        self.encrypt("ref")
        before = self.stored(self.ann)
        self.env.invalidate_all()
        with self.with_keys("/nowhere/keyring.json"), mute_logger(LOG):
            shown = self.ann.with_user(self.employee).ref
            self.assertIn(before.split(":")[1], shown)
            self.assertNotIn("nowhere", shown)
            self.assertEqual(self.ann.name, "Ann Example")
            with self.assertRaises(UserError):
                self.ann.sudo().mapped("ref")
            with self.assertRaises(UserError):
                self.ann.with_user(self.employee).ref = "NEW"
            with self.assertRaisesRegex(UserError, "key file cannot be used"):
                self.make_contact("Bea Example", ref="NEW")
            with self.assertRaises(UserError):
                self.env["res.partner"].search([("ref", "=", VALUE)])
        self.env.invalidate_all()
        self.assertEqual(self.stored(self.ann), before)
        self.assertEqual(self.ann.ref, VALUE)

    def test_wrong_key(self):
        self.encrypt("ref")
        other = self.key_file.with_name("other.json")
        keyring.create(other)
        self.env.invalidate_all()
        with self.with_keys(other), mute_logger(LOG):
            shown = self.ann.with_user(self.employee).ref
            self.assertIn(keyring.load(self.key_file).active_id, shown)
            with self.assertRaises(UserError):
                self.ann.ref = "NEW"
        self.env.invalidate_all()
        self.assertEqual(self.ann.ref, VALUE)

    def test_rotation(self):
        self.encrypt("ref")
        old = keyring.load().active_id
        keyring.rotate(self.key_file)
        new = keyring.load().active_id
        bea = self.make_contact("Bea Example", ref=VALUE)
        self.assertIn(old, self.stored(self.ann))
        self.assertIn(new, self.stored(bea))
        found = self.env["res.partner"].search([("ref", "=", VALUE)])
        self.assertEqual(found, self.ann | bea)
        self.convert()
        self.assertIn(new, self.stored(self.ann))
        self.assertEqual(self.states(), ("on", 100))
        self.env.invalidate_all()
        self.assertEqual(self.ann.ref, VALUE)

    def test_values_of_the_first_format_get_the_new_one(self):
        """ENC-1: bound to no record, they are read and found, and rotated in the
        background; then nothing of that format is taken any more."""
        self.encrypt("ref")
        with (
            self.assertRaisesRegex(psycopg2.Error, "refused"),
            self.env.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            self.store(self.ann, self.unbound(VALUE))
        bea = self.make_contact("Bea Example", ref=VALUE)
        self.env.cr.execute(
            "UPDATE ir_model_fields SET privacy_bound = NULL WHERE id = %s",
            [self.field.id],
        )
        self.field.invalidate_recordset()
        self.field._privacy_refuse_text()
        self.field._privacy_reload()
        former = self.unbound(VALUE)
        self.store(self.ann, former)
        self.assertEqual(self.ann.ref, VALUE)
        found = self.env["res.partner"].search([("ref", "=", VALUE)])
        self.assertEqual(found, self.ann | bea)
        self.convert()
        self.assertTrue(self.field.privacy_bound)
        self.assertEqual(self.states(), ("on", 100))
        self.assertTrue(self.stored(self.ann).startswith("pg2:"))
        self.env.invalidate_all()
        self.assertEqual((self.ann | bea).mapped("ref"), [VALUE] * 2)
        # from an old backup
        self.field._privacy_unguard_column()
        self.store(bea, former)
        with mute_logger(LOG):
            shown = bea.with_user(self.employee).ref
        self.assertIn("cannot be decrypted", shown)

    def test_each_rotation_shows_how_much_remains(self):
        self.encrypt("ref")
        self.env["res.partner"].create(
            [{"name": f"P{n}", "ref": f"R-{n}"} for n in range(24)]
        )
        for _rotation in range(2):
            keyring.rotate(self.key_file)
            told = []

            def commit(cron, processed=0, *, remaining, told=told):
                told.append(remaining)
                return float("inf")

            with (
                self.without_commits(),
                patch.object(type(self.env["ir.cron"]), "_commit_progress", commit),
                patch.object(ir_model_fields_conversion, "BATCH_SIZE", 10),
            ):
                self.env["ir.model.fields"]._privacy_convert_all()
            self.assertEqual(told, [15, 5, 1, 1, 0])
