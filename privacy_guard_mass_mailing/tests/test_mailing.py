from odoo.tests import tagged

from .mailing_common import MailingCommon


@tagged("post_install", "-at_install")
class TestMailing(MailingCommon):
    """Mailings go to whom they may, whatever the sender ticks."""

    def test_senders_of_mailings_are_checked_too(self):
        """MAIL-4: those of the last months, of the user's own companies."""
        self.make_mailing(email_from='"News" <news@brand.example>')
        old = self.make_mailing(email_from="news@old.example")
        other = self.env["res.company"].create({"name": "Other"})
        user = self.make_user("other", company_id=other.id, company_ids=other.ids)
        self.make_mailing(email_from="news@other.example", user_id=user.id)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mailing_mailing SET create_date = '2020-01-01' WHERE id = %s",
            [old.id],
        )
        admin = self.make_user("admin2", groups="base.group_system")
        domains = self.env["privacy.sender.check"].with_user(admin)._domains()
        self.assertIn("brand.example", domains)
        self.assertFalse({"old.example", "other.example"} & set(domains))

    def test_only_who_granted_gets_it(self):
        mailing = self.make_mailing(use_exclusion_list=False)
        self.send(mailing)
        self.assertEqual(self.trace(mailing, self.willing).trace_status, "sent")
        self.assertReason(mailing, self.unwilling, "privacy_no_marketing_consent")
        self.assertReason(mailing, self.silent, "privacy_no_marketing_consent")
        self.assertReason(mailing, self.stopped, "privacy_stopped")
        self.assertEqual(len(self._mails), 1)

    def test_dup2_a_duplicate_keeps_nothing_from_whom_it_duplicates(self):
        """Nor does it get a mail itself, in its name."""
        twin = self.make_twin(self.willing, "Wanda Willing")
        twin._privacy_set_status("duplicate", "test")
        mailing = self.make_mailing(twin | self.willing)
        self.assertIn("1 duplicates", mailing.privacy_exclusions)
        self.assertNotIn("will not get", mailing.privacy_exclusions)
        self.send(mailing)
        self.assertFalse(self.trace(mailing, twin))
        self.assertEqual(self.trace(mailing, self.willing).trace_status, "sent")
        [mail] = self._mails
        self.assertIn(self.willing.name, mail["email_to"][0])
        self.willing.unlink()
        found = self.env["privacy.gate"]._mail_refusals({"marketing": {twin.email}})
        self.assertEqual(set(found.values()), {"duplicate"})

    def test_of_several_addresses_all_or_none(self):
        """IDN-2: a yes was said at the first; the form promises what happens."""
        self.willing.email = f"{self.willing.email}, second@x.example"
        mailing = self.make_mailing(self.willing)
        self.assertIn("1 of 1 recipients", mailing.privacy_exclusions)
        self.send(mailing)
        self.assertReason(mailing, self.willing, "privacy_no_marketing_consent")
        self.assertFalse(self._mails)

    def test_rch1_reach_is_whom_a_mailing_goes_to(self):
        """RCH-1: as a mailing that relies on the consent would be sent."""
        several = self.make_contact("Sven Several")
        self.answer(several, self.purpose, "granted")
        several.email = f"{several.email}, second@x.example"
        people = self.everyone | several
        untracked = self.env["privacy.gate"]._tracking_purpose()
        untracked._publish()
        for strict in ("False", "True"):
            name = "privacy_guard.mail_needs_tracking_consent"
            self.env["ir.config_parameter"].set_param(name, strict)
            untracked.active = strict == "True"
            people._consent_sync()
            mailing = self.make_mailing(people)
            addresses = mailing._privacy_addresses()
            known = mailing._privacy_known(addresses)
            refused = mailing._privacy_excluded(addresses, known)
            self.env.invalidate_all()
            lines = self.env["privacy.reach"].search(
                [("res_id", "in", people.ids), ("purpose_id", "=", self.purpose.id)]
            )
            self.assertEqual(len(lines), len(people))
            reached = lines.filtered(lambda line: line.reach == "reached").partner_id
            with self.subTest(strict=strict):
                addresses = set(people.mapped("email_normalized"))
                self.assertEqual(
                    set(reached.mapped("email_normalized")), addresses - refused.keys()
                )
                self.assertEqual(bool(reached), strict == "False")
            if strict == "True":
                self.answer(self.willing, untracked, "granted")
                lines.invalidate_recordset()
                line = lines.filtered(lambda one: one.partner_id == self.willing)
                self.assertEqual(line.reach, "reached")

    def test_who_has_no_address_stops_nobody_else(self):
        nobody = self.willing.copy({"name": "Nobody", "email": False})
        mailing = self.make_mailing(self.willing | nobody)
        self.send(mailing)
        self.assertEqual(self.trace(mailing, self.willing).trace_status, "sent")
        self.assertEqual(len(self._mails), 1)

    def test_lists_are_left_at_the_mailbox(self):
        """IDN-2: where core compares addresses with those who opted out."""
        self.env["ir.config_parameter"].set_param("privacy_guard.enabled", "False")
        mailing_list = self.make_list("x@m\u00fcller.example")
        mailing_list.subscription_ids.opt_out = True
        mailing = self.make_mailing(mailing_list)
        self.send(mailing)
        self.assertFalse(self._mails)

    def test_opt_out_purpose_reaches_the_silent(self):
        self.purpose = self.make_purpose(
            name="Offers",
            covers_email=True,
            default_selection="yes",
            legal_basis="legitimate_interests",
        )
        newcomer = self.make_contact("Nora New")
        mailing = self.make_mailing(newcomer)
        self.send(mailing)
        self.assertEqual(self.trace(mailing, newcomer).trace_status, "sent")

    def test_consent_to_another_purpose_does_not_count(self):
        other = self.make_purpose(name="Surveys", covers_email=True)
        self.willing._consent_sync()
        mailing = self.make_mailing(self.willing, privacy_purpose_id=other.id)
        self.send(mailing)
        self.assertReason(mailing, self.willing, "privacy_no_marketing_consent")

    def test_insufficient_opt_in(self):
        self.env["ir.config_parameter"].set_param(
            "privacy_guard.marketing_opt_in", "double"
        )
        mailing = self.make_mailing(self.willing)
        self.send(mailing)
        self.assertReason(mailing, self.willing, "privacy_no_marketing_consent")

    def test_mailing_contacts_are_covered_by_address(self):
        mailing_list = self.make_list(
            self.willing.email, self.unwilling.email, "unknown@example.com"
        )
        mailing = self.make_mailing(mailing_list)
        self.send(mailing)
        states = {
            t.email: (t.trace_status, t.failure_type)
            for t in self.env["mailing.trace"].search(
                [("mass_mailing_id", "=", mailing.id)]
            )
        }
        refused = ("cancel", "privacy_no_marketing_consent")
        self.assertEqual(
            states,
            {
                self.willing.email: ("sent", False),
                self.unwilling.email: refused,
                "unknown@example.com": refused,
            },
        )
        self.assertIn(
            "1 cannot be asked", self.make_mailing(mailing_list).privacy_exclusions
        )

    def test_queries_do_not_grow(self):
        gate = self.env["privacy.gate"]
        few = {self.willing.email}
        many = {f"p{n}@example.com" for n in range(500)} | few
        gate._mailing_refusals(self.purpose, few)
        counts = []
        for addresses in (few, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            gate._mailing_refusals(self.purpose, addresses)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_everything_is_declared(self):
        undeclared = self.env["privacy.data.map"]._undeclared()
        own = ("mailing.", "link.tracker", "utm.", "social.")
        self.assertFalse([name for name in undeclared if name.startswith(own)])
