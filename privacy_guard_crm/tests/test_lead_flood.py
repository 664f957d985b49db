from urllib.parse import urlsplit

from lxml import html
from odoo.tests import HttpCase, tagged

from odoo.addons.privacy_guard.models.page import privacy_page_post

from .lead_common import LeadCommon

PAGE = "/privacy/preferences"
EVIDENCE = {"ip": "192.0.2.1", "user_agent": "Browser"}
# people whose address stands on so many leads; the database is sent a hundred rows at a
# time
FEW, MANY = 3, 60


@tagged("post_install", "-at_install")
class TestLeadFlood(LeadCommon, HttpCase):
    """RTE-1, REQ-1: anybody makes hundreds of leads with somebody's address. Whatever
    that person does costs the same, and is one request."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.handler = cls.make_user(
            "handler",
            "privacy_guard.group_privacy_officer,sales_team.group_sale_manager",
            email="handler@example.com",
        )
        cls.env.company.privacy_officer_id = cls.handler
        # of a field that Odoo's scoring of leads does not look at: how it writes what
        # it computes is a matter of chance
        cls.keep_phone.active = False
        cls.make_lead_purpose("function")
        cls.page = cls.env["privacy.preferences.page"]
        cls.links = cls.env["privacy.preferences.link"]

    def flood(self, name, number, contact=True):
        """:return: the records of a person: as many leads, and a contact"""
        address = f"{name.lower().replace(' ', '.')}@example.com"
        values = {"contact_name": name, "email_from": address, "function": "Baker"}
        self.env["crm.lead"].create(
            [{"name": f"Inquiry {n}", **values} for n in range(number)]
        )
        if contact:
            self.make_contact(name, email=address)
        # they were made before: what waits for the end of that transaction is done
        self.cr.flush()
        return self.links._subjects_at(address)

    def queries(self, subjects, act):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act(subjects)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def save(self, subjects, answer):
        ids = [question["id"] for question in self.page._questions(subjects)]
        self.page._save(
            subjects,
            dict.fromkeys(ids, answer),
            source="preferences",
            evidence=EVIDENCE,
        )
        self.page._recorded(subjects, ids)

    def test_queries_do_not_grow_with_records(self):
        """Whatever there is to press on the page, for a contact and for nobody."""

        def ask(kind):
            return lambda subjects: self.page._ask(subjects, kind, "page", proven=True)

        def withdraw(kind):
            def take_back(subjects):
                requests = self.page._open_requests(subjects, kind)
                self.page._may_withdraw(subjects, requests)
                requests._withdraw()

            return take_back

        def confirm(subjects):
            for persons in subjects:
                persons._privacy_opt_in_confirm()

        def object_by_mail(subjects):
            self.env["privacy.request"]._make_all(subjects, "objection", "mail")

        actions = {
            "show": lambda subjects: self.page._questions(subjects),
            "yes": lambda subjects: self.save(subjects, "granted"),
            "no": lambda subjects: self.save(subjects, "refused"),
            "yes again": lambda subjects: self.save(subjects, "granted"),
            "one-click": lambda subjects: self.page._refuse_email(
                subjects, evidence=EVIDENCE
            ),
            "confirm": confirm,
            "stop": ask("stop"),
            "look": lambda subjects: self.page._request_lines(subjects),
            "resume": withdraw("stop"),
            "erase": ask("erasure"),
            "keep": withdraw("erasure"),
            "object": object_by_mail,
        }
        for contact in (False, True):
            # the first one fills caches
            people = [
                self.flood(f"{contact} {place}", number, contact)
                for place, number in enumerate((FEW, FEW, MANY))
            ]
            for name, act in actions.items():
                with self.subTest(name, contact=contact):
                    counts = [self.queries(subjects, act) for subjects in people]
                    self.assertEqual(*counts[1:])

    def test_one_request_and_one_activity(self):
        subjects = self.flood("Fay", MANY)
        leads, contact = subjects
        request = self.page._ask(subjects, "stop", "page", proven=True)
        self.assertEqual(len(request), 1)
        self.assertEqual(request.partner_id, contact)
        self.assertEqual(request.subject_count, MANY + 1)
        self.assertEqual(len(request.activity_ids), 1)
        self.assertEqual(set(leads.mapped("privacy_status")), {"stopped"})
        self.assertEqual(contact.privacy_status, "stopped")
        self.assertEqual(leads[0].privacy_open_request_count, 1)
        [line] = self.page._request_lines(subjects)
        self.assertEqual(line["name"], request.name)
        self.assertEqual(self.page._ask(subjects, "stop", "page", proven=True), request)
        request._withdraw()
        self.assertEqual(set(leads.mapped("privacy_status")), {"active"})

    def test_a_stop_is_about_what_comes_later(self):
        subjects = self.flood("Fay", FEW)
        first = self.page._ask(subjects, "stop", "page", proven=True)
        [lead] = self.flood("Fay", 1, contact=False)[0] - subjects[0]
        self.end_transaction()
        subjects = self.links._subjects_at("fay@example.com")
        self.assertEqual(lead.privacy_status, "stopped")
        self.assertIn(lead.id, first.subject_ids.mapped("res_id"))
        self.assertEqual(self.page._ask(subjects, "stop", "page", proven=True), first)
        first._withdraw()
        self.assertEqual(lead.privacy_status, "active")

    def test_each_forged_mail_is_about_the_same_objection(self):
        """Every mail makes a lead; the person objects once."""
        [first] = self.flood("Fay", 1, contact=False)
        mails = self.env["mail.mail"]
        objection = self.env["mail.thread"]._privacy_note_objection("fay@example.com")
        sent = mails.search_count([])
        for _mail in range(3):
            self.flood("Fay", 1, contact=False)
            again = self.env["mail.thread"]._privacy_note_objection("fay@example.com")
            self.assertEqual(again, objection)
        self.assertEqual(len(objection.subject_ids), 4)
        self.assertEqual(len(objection.activity_ids), 1)
        self.assertEqual(mails.search_count([]), sent)
        self.assertIn(first.id, objection.subject_ids.mapped("res_id"))

    def test_reopening_is_one_mail(self):
        [leads] = self.flood("Fay", MANY, contact=False)
        self.page._ask([leads], "stop", "page", proven=True)
        sent = self.env["mail.mail"].search([])
        leads.with_user(self.handler)._privacy_reopen("They called")
        self.assertEqual(set(leads.mapped("privacy_status")), {"active"})
        mail = self.env["mail.mail"].search([]) - sent
        self.assertEqual(mail.mapped("email_to"), ["fay@example.com"])

    def test_a_record_that_was_stopped_before_stays_so(self):
        subjects = self.flood("Fay", FEW)
        former, *_others = subjects[0]
        former._privacy_stop("long ago")
        request = self.page._ask(subjects, "stop", "page", proven=True)
        request._withdraw()
        self.assertEqual(former.privacy_status, "stopped")
        self.assertEqual(
            set((subjects[0] - former).mapped("privacy_status")), {"active"}
        )

    def test_erasing_all_records_fulfils_the_request(self):
        subjects = self.flood("Fay", FEW, contact=False)
        [leads] = subjects
        request = self.page._ask(subjects, "erasure", "page", proven=True)
        rows = self.env["privacy.erasure.subject"]
        erasure = self.env["privacy.erasure"].with_user(self.handler)
        action = request.with_user(self.handler).action_erase()
        erasure = erasure.browse(action["res_id"])
        found = rows.sudo().search([("erasure_id", "=", erasure.id)])
        self.assertEqual(set(found.mapped("res_id")), set(leads.ids))
        sent = self.env["mail.mail"].search([])
        # batches end anywhere
        found[:1]._fulfil()
        self.assertEqual(request.state, "new")
        self.assertFalse(self.env["mail.mail"].search([]) - sent)
        found[1:]._fulfil()
        self.assertEqual(request.state, "done")
        mail = self.env["mail.mail"].search([]) - sent
        self.assertEqual(mail.email_to, "fay@example.com")

    def test_limits_count_posts_not_records(self):
        """RTE-1: who has many records uses up nobody's limit."""
        self.patch(privacy_page_post, "PER_IP", 2)
        for name in ("Fay", "Gus"):
            lead = self.flood(name, MANY, contact=False)[0][0]
            self.authenticate(None, None)
            url = urlsplit(lead._privacy_preferences_url()).path
            page = html.fromstring(self.url_open(url).content)
            form = page.xpath("//main//form[@method='post']")[0]
            data = dict(form.form_values())
            data[f"answer_{self.newsletter.id}"] = "yes"
            self.assertEqual(self.url_open(PAGE, data=data).status_code, 200)
            self.assertEqual(self.value(lead, self.newsletter), "granted")
