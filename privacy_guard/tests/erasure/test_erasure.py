import json
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...tools import keyring
from .erasure_common import ErasureCommon

JOB = "odoo.addons.privacy_guard.attempts"
SAID = ("label", "field_label", "kind_label")


@tagged("post_install", "-at_install")
class TestErasure(ErasureCommon):
    """ERA-1, ERA-2: the dry run, who may erase, and what erasing does."""

    def test_dry_run_changes_nothing(self):
        erasure = self.begin()
        self.assertEqual((erasure.state, erasure.subject_count), ("draft", 1))
        self.assertEqual(self.ann.privacy_status, "active")
        [(treatment, columns)] = self.lines(erasure, "res.partner")
        self.assertEqual(treatment, "anonymise")
        held = {"email", "phone", "street", "zip", "function", "comment", "name"}
        self.assertLessEqual(held, set(columns.split(", ")))

    def test_dry_run_says_what_is_kept_and_why(self):
        purpose = self.make_purpose()
        self.ann._consent_sync()
        self.answer(self.ann, purpose, "granted")
        erasure = self.begin()
        [line] = erasure.line_ids.filtered(lambda x: x.res_model == "consent.record")
        self.assertEqual(line.treatment, "keep")
        self.assertIn("GDPR Art. 7(1)", line.reason_label)

    def test_clears_the_contact(self):
        erasure = self.erase()
        self.assertEqual(erasure.state, "done")
        self.assertEqual(self.ann.privacy_status, "erased")
        self.assertEqual(self.ann.name, f"Erased contact {self.ann.id}")
        names = ["email", "email_normalized", "phone", "street", "zip", "comment"]
        for name in names:
            self.assertFalse(self.ann[name], name)
        row = self.texts(self.ann).lower()
        for canary in ("canary", "5550102", "555 01 02", "likes bread", "baker"):
            self.assertNotIn(canary, row)

    def test_flagged_and_encrypted_fields_go_others_stay(self):
        flagged = self.make_field("x_hobby", "char")
        self.make_field("x_shelf", "char")
        flagged.privacy_personal = True
        self.make_field("x_shoe", "integer")
        tag = self.env["res.partner.category"].create({"name": "Friends"})
        country = self.env.ref("base.be")
        self.ann.write({"x_hobby": "Chess", "x_shelf": "B", "x_shoe": 38})
        self.ann.write({"country_id": country.id, "category_id": [(4, tag.id)]})
        erasure = self.begin()
        kept, gone = sorted(self.lines(erasure, "res.partner"), reverse=True)
        # links and numbers as texts; tags go
        self.assertEqual(kept, ("keep", "country_id, x_shelf, x_shoe"))
        self.assertIn("category_id", gone[1])
        self.execute(erasure)
        self.assertFalse(self.ann.category_id)
        self.assertEqual((self.ann.x_hobby, self.ann.x_shelf), (False, "B"))

    def test_consents_and_events_stay_evidence_goes(self):
        purpose = self.make_purpose()
        self.ann._consent_sync()
        self.ann._consent_record_answers(
            {purpose.id: "granted"},
            source="preferences",
            evidence={"ip": "192.0.2.7", "user_agent": "Browser"},
        )
        self.erase()
        self.assertEqual(self.value(self.ann, purpose), "not_applicable")
        kinds = self.events(self.ann, purpose).mapped("kind")
        self.assertEqual(kinds, ["apply", "answer", "lapse"])
        evidence = self.env["consent.evidence"].search([("res_id", "=", self.ann.id)])
        self.assertFalse(evidence)

    def test_withheld_values_go(self):
        purpose = self.make_data_purpose("function")
        self.ann._consent_sync()
        self.ask(self.ann, purpose)
        self.assertTrue(self.env["consent.sealed.value"].search([]))
        self.erase()
        self.assertFalse(self.env["consent.sealed.value"].search([]))
        self.assertFalse(self.ann.function)

    def test_correspondence(self):
        """What the person wrote goes; what others wrote stays, without the person."""
        clerk = self.make_user("clerk")
        other = self.make_contact("Bea Other")
        own = self.ann.message_post(
            body="Ann Canary called", author_id=clerk.partner_id.id
        )
        wrote = other.message_post(body="My words", author_id=self.ann.id)
        received = other.message_post(
            body="Dear Ann Canary, we wrote to ANN@canary.example or 02/555.01.02,"
            " +32-2-555-01-02. Kind regards",
            author_id=clerk.partner_id.id,
            partner_ids=self.ann.ids,
        )
        unrelated = other.message_post(body="About Bea", author_id=clerk.partner_id.id)
        self.erase()
        self.assertFalse(own.body)
        self.assertEqual(own.author_id, clerk.partner_id)
        self.assertFalse(wrote.body)
        self.assertIn("Kind regards", received.body)
        for canary in ("Canary", "canary", "555-01-02"):
            self.assertNotIn(canary, received.body)
        self.assertIn("About Bea", unrelated.body)

    def test_addresses_go_along_employees_do_not(self):
        delivery = self.make_contact(
            "Ann's door", type="delivery", parent_id=self.ann.id, street="Hidden 2"
        )
        firm = self.make_contact("Firm", is_company=True)
        boss = self.make_contact("Boss Person", parent_id=firm.id, phone="0123456789")
        home = self.make_contact("Boss at home", type="other", parent_id=boss.id)
        self.erase(self.ann | firm)
        self.assertEqual(home.privacy_status, "active")
        self.assertEqual(delivery.privacy_status, "erased")
        self.assertFalse(delivery.street)
        self.assertEqual((boss.privacy_status, boss.phone), ("active", "0123456789"))

    def test_portal_login_ends(self):
        user = self.make_user(
            "ann@login.example", "base.group_portal", partner_id=self.ann.id
        )
        self.erase()
        self.assertFalse(user.active)
        self.assertEqual(user.login, f"erased-{user.id}")
        self.assertNotIn("login.example", self.texts(user))

    def test_employees_and_the_company_are_refused(self):
        clerk = self.make_user("clerk").partner_id
        company = self.env.company.partner_id
        erasure = self.begin(self.ann | clerk | company)
        blockers = {
            row.res_id: row.blocker for row in erasure.subject_ids.filtered("blocker")
        }
        self.assertIn("internal user", blockers[clerk.id])
        self.assertIn("cannot work without", blockers[company.id])
        self.assertFalse(self.lines(erasure, "res.users"))
        self.execute(erasure)
        self.assertEqual(erasure.erased_count, 1)
        self.assertEqual(clerk.privacy_status, "active")

    def test_who_became_an_employee_meanwhile_is_refused(self):
        erasure = self.begin()
        self.make_user("ann", partner_id=self.ann.id, email="ann@canary.example")
        self.execute(erasure)
        self.assertEqual(erasure.subject_ids.state, "refused")
        self.assertEqual(self.ann.email, "ann@canary.example")

    def test_one_who_cannot_be_erased_holds_up_nobody(self):
        bea = self.make_contact("Bea Other")
        erasure = self.begin(self.ann | bea)
        people = type(self.env["res.partner"])

        def anonymise(partners, *why, original=people._privacy_anonymise):
            if bea in partners:
                raise UserError(why[0])
            return original(partners, *why)

        self.patch(people, "_privacy_anonymise", anonymise)
        with mute_logger(JOB):
            self.execute(erasure)
        states = {row.res_id: row.state for row in erasure.subject_ids}
        self.assertEqual(states, {self.ann.id: "erased", bea.id: "failed"})
        self.assertEqual(bea.name, "Bea Other")

    def test_the_reason_of_a_failure_does_not_name_the_person(self):
        """They may be erased later: by another erasure, of which the search looks at
        what the first one says, too."""
        people = type(self.env["res.partner"])
        failing = UserError(
            "Ann Canary <ann@canary.example>, +32 2 555 01 02: invoiced"
        )
        erasure = self.begin()
        with (
            patch.object(people, "_privacy_anonymise", side_effect=failing),
            mute_logger(JOB, "odoo.addons.privacy_guard.models.mixins"),
        ):
            self.execute(erasure)
        [item] = self.env["privacy.job.item"].search([("queue", "=", erasure._name)])
        reason = "[…] <[…]>, […]: invoiced"
        self.assertEqual((erasure.subject_ids.blocker, item.reason), (reason, reason))
        # as it was noted by an earlier version
        self.env.cr.execute(
            "UPDATE privacy_erasure_subject SET blocker = %s WHERE id = %s",
            [str(failing), erasure.subject_ids.id],
        )
        self.env.invalidate_all()
        later = self.erase()
        self.assertIn(
            ("privacy.erasure.subject", erasure.subject_ids.id, "blocker"),
            {(row.res_model, row.res_id, row.column) for row in later.finding_ids},
        )
        # in words, for who reads it on paper
        said = {tuple(row[k] for k in SAID) for row in later._certificate()["found"]}
        place = ("Person whose data is erased", "Not erased because")
        self.assertIn((*place, "E-mail address"), said)

    def test_what_an_erasure_says_does_not_name_the_person(self):
        """Neither why it failed as a whole, before and after the people are erased, nor
        what the officer wrote."""
        failing = UserError("Ann Canary <ann@canary.example>: invoiced")
        erasure = self.begin()
        dialogue = (
            self.env["privacy.erase"]
            .with_user(self.officer)
            .new({"erasure_id": erasure.id, "reason": "Mrs Canary wrote from there"})
        )
        self.assertEqual(dialogue.naming, "Canary")
        dialogue.confirmation = "ERASE"
        with patch.object(type(erasure), "_confirm"):
            # neither does the path above it
            self.assertEqual(dialogue.action_erase()["target"], "main")
        erasure._confirm("Ann Canary wrote from ann@canary.example")
        for step in ("_erase_batch", "_verify_batch"):
            jobs = type(erasure)
            with patch.object(jobs, step, side_effect=failing), mute_logger(JOB):
                self.run_cron()
            self.assertEqual(erasure.failure, "[…] <[…]>: invoiced", step)
        self.run_cron()
        self.assertEqual(
            (erasure.state, erasure.reason), ("done", "[…] wrote from […]")
        )

    def test_an_erasure_that_fails_holds_up_no_other(self):
        """JOB-4: it is marked with the reason, and tried again by the next call."""
        broken, other = self.begin(), self.begin(self.make_contact("Bea Other"))
        self.env.cr.execute(
            f"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON privacy_erasure_subject
               FOR EACH ROW WHEN (OLD.erasure_id = {broken.id})
               EXECUTE FUNCTION refuse();
            """
        )
        with mute_logger("odoo.sql_db", JOB):
            self.execute(broken)
            self.execute(other)
        self.assertEqual((broken.state, other.state), ("erase", "done"))
        self.assertIn("RaiseException", broken.failure)
        self.env.cr.execute("DROP TRIGGER refuse ON privacy_erasure_subject")
        self.run_cron()
        self.assertEqual((broken.state, broken.failure), ("done", False))

    def test_without_the_key_file_everybody_waits(self):
        """What is wrong with the key file is no person's fault: nobody is refused."""
        erasure = self.begin()
        erasure._confirm("A letter")
        suppression = type(self.env["privacy.suppression"])
        gone = keyring.KeyringError("The key file /etc/keys is gone.")
        with patch.object(suppression, "_keys", side_effect=gone), mute_logger(JOB):
            self.run_cron()
        # where it was is for who has the server
        told = "The key file cannot be used. The server's log says what is wrong."
        self.assertEqual((erasure.state, erasure.failure), ("erase", told))
        self.assertEqual(erasure.subject_ids.mapped("state"), ["pending"])
        self.run_cron()
        self.assertEqual((erasure.state, erasure.failure), ("done", False))
        self.assertEqual(self.ann.privacy_status, "erased")

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------

    def test_only_officers_erase(self):
        erasure = self.begin()
        for groups in (
            "privacy_guard.group_privacy_user,base.group_partner_manager",
            "base.group_system",
        ):
            user = self.make_user(f"{len(groups)}_no", groups)
            with self.subTest(groups=groups):
                with self.assertRaises(AccessError):
                    self.ann.with_user(user).action_erase_personal_data()
                with self.assertRaises(AccessError):
                    erasure.with_user(user)._confirm("because")
                with self.assertRaises(AccessError):
                    erasure.with_user(user).action_cancel()
                with self.assertRaises(AccessError):
                    erasure.with_user(user).read(["state"])

    def test_action_menu_is_the_officers(self):
        action = self.env.ref("privacy_guard.res_partner_action_erase_personal_data")
        context = {
            "active_model": "res.partner",
            "active_ids": self.ann.ids,
            "active_id": self.ann.id,
        }
        clerk = self.make_user("clerk")
        with self.assertRaises(AccessError):
            action.with_user(clerk).with_context(**context).run()
        opened = action.with_user(self.officer).with_context(**context).run()
        self.assertEqual(opened["res_model"], "privacy.erasure")
        bindings = self.env["ir.actions.actions"]
        for user, expected in ((self.officer, True), (clerk, False)):
            actions = bindings.with_user(user).get_bindings("res.partner")["action"]
            self.assertEqual(action.id in [a["id"] for a in actions], expected)

    def test_officer_without_write_access_does_not_erase(self):
        reader = self.make_user("reader", "privacy_guard.group_privacy_officer")
        with self.assertRaises(AccessError):
            self.ann.with_user(reader).action_erase_personal_data()

    def test_cancelled_dry_run(self):
        erasure = self.begin()
        erasure.action_cancel()
        self.assertEqual((erasure.state, len(erasure.line_ids)), ("cancelled", 0))
        with self.assertRaises(UserError):
            erasure._confirm("late")
        self.assertEqual(self.ann.privacy_status, "active")

    def test_nobody_edits_what_an_erasure_is(self):
        erasure = self.begin()
        for rows in (erasure, erasure.subject_ids, erasure.line_ids):
            for env in (rows, rows.sudo()):
                with self.assertRaises(UserError):
                    env.write({"erasure_id": erasure.id})
                with self.assertRaises(UserError):
                    env.unlink()

    def test_confirming_takes_a_word_and_a_reason(self):
        erasure = self.begin()
        for values in (
            {"confirmation": "erase", "reason": "x"},
            {"confirmation": "ERASE", "reason": " "},
        ):
            wizard = self.env["privacy.erase"].create(
                {"erasure_id": erasure.id, **values}
            )
            with self.assertRaises(UserError):
                wizard.with_user(self.officer).action_erase()
            self.assertEqual(wizard.people, self.ann.display_name)
        self.assertEqual(erasure.state, "draft")

    def test_confirmed_once(self):
        erasure = self.begin()
        erasure._confirm("first")
        with self.assertRaisesRegex(UserError, "not a dry run any more"):
            erasure._confirm("second")
        with self.assertRaisesRegex(UserError, "not a dry run any more"):
            erasure.action_cancel()
        self.assertEqual(erasure.reason, "first")

    def test_erased_once(self):
        first, second = self.begin(), self.begin()
        self.execute(first)
        self.execute(second)
        self.assertEqual(second.subject_ids.state, "refused")
        self.assertIn("already", second.subject_ids.blocker)
        self.assertEqual(first.erased_count, 1)

    # ------------------------------------------------------------------
    # Requests
    # ------------------------------------------------------------------

    def test_request_is_fulfilled(self):
        requests = self.env["privacy.request"]
        request = requests._make(self.ann, "erasure", "letter")
        self.erase()
        self.assertEqual(request.state, "done")
        self.assertFalse(request.email)
        [farewell] = self.env["mail.mail"].search([("state", "=", "outgoing")])
        self.assertIn("ann@canary.example", farewell.email_to)

    def test_a_request_is_executed_by_way_of_the_dry_run(self):
        request = self.env["privacy.request"]._make(self.ann, "erasure", "page")
        theirs = request.with_user(self.officer)
        with self.assertRaisesRegex(UserError, "closes the request"):
            theirs.action_execute()
        action = theirs.action_erase()
        erasure = self.env["privacy.erasure"].browse(action["res_id"])
        self.assertEqual(erasure.state, "draft")
        self.assertEqual((request.state, bool(self.ann.email)), ("new", True))
        wizard = Form(
            self.env["privacy.erase"]
            .with_user(self.officer)
            .with_context(default_erasure_id=erasure.id)
        )
        self.assertIn(request.name, wizard.reason)
        self.assertNotIn("Ann", wizard.reason)
        self.execute(erasure)
        self.assertEqual(erasure.reason, "A letter")
        self.assertEqual((request.state, self.ann.email), ("done", False))
        erasure = erasure.with_user(self.officer)
        self.assertEqual((erasure.request_count, theirs.erasure_count), (1, 1))
        self.assertEqual(erasure.action_open_requests()["res_id"], request.id)
        self.assertEqual(theirs.action_open_erasures()["res_id"], erasure.id)
        with self.assertRaises(UserError):
            theirs.action_erase()

    # ------------------------------------------------------------------
    # Afterwards
    # ------------------------------------------------------------------

    def test_search_finds_what_nobody_declared(self):
        tag = self.env["res.partner.category"].create({"name": "Ann Canary's friends"})
        file = self.env["ir.attachment"].create(
            {"name": "list.txt", "raw": b"x, ann@canary.example, y"}
        )
        # of an add-on that is gone, and in JSON
        self.env.cr.execute(
            "CREATE TABLE x_left (note text); INSERT INTO x_left VALUES (%s)",
            ['{"for": "ann@canary.example"}'],
        )
        self.registry.clear_cache("stable")
        self.addCleanup(self.registry.clear_cache, "stable")
        erasure = self.erase()
        found = {(f.res_model, f.res_id, f.kind) for f in erasure.finding_ids}
        self.assertIn(("x_left", 0, "email"), found)
        self.assertIn(("res.partner.category", tag.id, "name"), found)
        self.assertIn(("ir.attachment", file.id, "email"), found)
        self.assertFalse([f for f in found if f[0] == "res.partner"])

    def test_nothing_that_identifies_is_kept(self):
        erasure = self.erase()
        self.env.cr.execute(
            "SELECT terms FROM privacy_erasure_subject WHERE erasure_id = %s",
            [erasure.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [(None,)])
        for rows in (erasure, *erasure.subject_ids, *erasure.line_ids):
            self.assertNotIn("canary", self.texts(rows).lower())

    def test_certificate(self):
        erasure = self.erase()
        certificate = erasure._certificate()
        text = json.dumps(certificate)
        self.assertNotIn("anary", text)
        self.assertEqual(certificate["people"][0]["id"], self.ann.id)
        self.assertEqual(certificate["found"], [])
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "privacy_guard.privacy_erasure_report", erasure.ids
        )
        self.assertIn(certificate["sha256"], html.decode())
        self.assertNotIn("res.partner", html.decode())
        self.assertNotIn(certificate["done_at"], html.decode())
        action = erasure.action_download_certificate()
        self.assertIn("/web/content/", action["url"])

    def test_constant_number_of_queries(self):
        def queries(number):
            people = self.env["res.partner"].create(
                [
                    {"name": f"Some {i} Body", "email": f"b{i}.{number}@x.example"}
                    for i in range(number)
                ]
            )
            erasure = self.env["privacy.erasure"]._begin(people)
            erasure._confirm("test")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            erasure.subject_ids._erase()
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertLessEqual(queries(40), queries(2) + 5)
