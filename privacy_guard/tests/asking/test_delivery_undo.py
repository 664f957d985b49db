from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .delivery_common import PHONE, UNKNOWN, DeliveryCommon

ITEMS = "odoo.addons.privacy_guard.models.mixins.privacy_job_item"


@tagged("post_install", "-at_install")
class TestDeliveryUndo(DeliveryCommon):
    """ASK-1: what undoing leaves alone."""

    def test_a_stop_holds_what_is_withheld(self):
        self.ask()
        self.ann._privacy_stop("They wrote")
        self.send()
        self.grow_old()
        self.run_job()
        self.assertEqual(self.mails().state, "cancel")
        self.assertAsked()
        # they were not asked, and are told so once they take the stop back
        self.ann._privacy_set_status("active", "They changed their mind")
        self.run_job()
        self.assertUndone()

    def test_refused_for_good_and_stopped(self):
        self.ask()
        self.send(UNKNOWN)
        self.ann._privacy_stop("They wrote")
        self.run_job()
        self.assertAsked()

    @mute_logger("odoo.addons.privacy_guard.attempts")
    def test_a_row_that_cannot_be_undone_holds_up_nobody(self):
        bob = self.make_contact("Bob Example", phone="+32 470 99 99 99")
        cat = self.make_contact("Cat Example", phone=PHONE)
        self.ask(self.ann | bob | cat)
        self.grow_old()
        self.env.cr.execute(
            "ALTER TABLE res_partner ADD CHECK (phone <> '+32 470 99 99 99')"
        )
        with self.assertLogs(ITEMS, "ERROR") as log:
            self.run_job()
        self.assertUndone()
        self.assertUndone(cat)
        self.assertAsked(bob)
        self.assertEqual(
            self.deliveries.search([("res_id", "=", bob.id)]).state, "queued"
        )
        self.assertIn(f"res.partner {bob.id}", log.output[0])
        [item] = self.env["privacy.job.item"].search(
            [("queue", "=", self.deliveries._name)]
        )
        self.assertEqual(item.partner_id, bob)

    def test_bad_rows_do_not_come_back_in_one_run(self):
        people = self.make_contact("Bob Example") | self.ann
        self.ask(people)
        self.grow_old()
        first = self.deliveries._undo(0)
        self.assertEqual(len(first), 2)
        self.assertFalse(self.deliveries._undo(first[-1]))

    @freeze_time("2026-07-01 12:00:00")  # no second passes meanwhile
    def test_what_another_company_asks_stays_asked(self):
        other = self.env["res.company"].create({"name": "Other"})
        other.write(
            {"privacy_from_name": "Other", "privacy_from_email": "o@example.com"}
        )
        theirs = self.make_purpose(name="Theirs", company_id=other.id)
        self.ask()
        asked = self.ann.consent_requested_at
        ours, _theirs = self.mails().sorted(lambda mail: mail.record_company_id.id)
        with self.mock_mail_gateway():
            (self.mails() - ours).send()
        ours.cancel()
        self.run_job()
        self.assertUndone()
        self.assertEqual(self.value(self.ann, theirs), "waiting")
        self.assertEqual(self.ann.consent_requested_at, asked)

    def test_a_mail_is_locked_while_it_leaves(self):
        self.ask()
        mail_ids, states = self.mails().ids, []

        def send_email(message, *_args, **_kwargs):
            # what the database has, whatever the ORM holds back
            statement = "SELECT state FROM mail_mail WHERE id = ANY(%s)"
            self.env.cr.execute(statement, [mail_ids])
            states.extend(self.env.cr.fetchall())
            return message["Message-Id"]

        self.send(send_email)
        self.assertEqual(states, [("exception",)])

    def test_queries_do_not_grow_with_people(self):
        counts = []
        # the first one fills caches
        for place, number in enumerate((2, 2, 40)):
            people = self.env["res.partner"].create(
                [
                    {"name": f"P{n}", "email": f"p{place}-{n}@example.com"}
                    for n in range(number)
                ]
            )
            self.ask(people)
            self.grow_old()
            before = self.env.cr.sql_log_count
            self.deliveries._undo(0)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])
