import re
from urllib.parse import urlsplit

from lxml import html
from odoo.tests import tagged

from ...constants import PERSONAL_LINK
from ...models.asking.consent_campaign import REQUEST
from .asking_common import AskingCommon


@tagged("post_install", "-at_install")
class TestRequestMail(AskingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env.ref("privacy_guard.mail_template_consent_request")

    def ask(self, contact):
        self.run_job(self.daily)
        return self.mails(contact)

    def test_sender_subject_and_recipient(self):
        """MAIL-1: From name and address as configured, one recipient, no copies."""
        ann = self.make_contact("Ann")
        mail = self.ask(ann)
        self.assertEqual(mail.email_from, '"Our Company" <us@example.com>')
        self.assertEqual(mail.reply_to, mail.email_from)
        self.assertEqual(mail.recipient_ids, ann)
        self.assertFalse(mail.email_to or mail.email_cc)
        self.assertIn(self.env.company.name, mail.subject)
        self.assertEqual((mail.state, mail.auto_delete), ("outgoing", True))
        self.assertTrue(mail.sudo().consent_subject)

    def test_sender_falls_back_to_the_company(self):
        company = self.env.company
        company.write({"privacy_from_name": False, "privacy_from_email": "no address"})
        company.partner_id.email = "office@example.com"
        self.assertIn("office@example.com", company._privacy_sender())
        company.partner_id.email = False
        self.assertIn("@", company._privacy_sender())

    def test_stored_mail_holds_no_usable_link(self):
        """MAIL-1, MAIL-2: one link, a placeholder; the personal one in the copy of
        the person alone."""
        mail = self.ask(self.make_contact("Ann"))
        links = re.findall(r'href="([^"]*)"', mail.body_html)
        self.assertEqual(len(links), 1)
        self.assertEqual(urlsplit(links[0]).path, PERSONAL_LINK)
        self.assertFalse(mail.mail_message_id.body)
        [email] = mail._prepare_outgoing_list()
        self.assertNotIn(PERSONAL_LINK, email["body"])
        self.assertRegex(
            email["body"], r'href="https?://[^"]+/privacy/[\w-]{40,}\?lang='
        )
        self.assertRegex(email["body_alternative"], r"/privacy/[\w-]{40,}")

    def test_plain_text_part_is_readable(self):
        """MAIL-1: what the mail says, without its style sheet."""
        self.make_purpose(name="Phone calls")
        [email] = self.ask(self.make_contact("Ann"))._prepare_outgoing_list()
        text = email["body_alternative"]
        lines = [line.strip() for line in text.splitlines()]
        self.assertLessEqual({"Newsletter", "Phone calls"}, set(lines))
        self.assertIn("Choose my preferences", text)
        self.assertEqual(lines[0], self.env.company.name)
        self.assertNotIn("{", text)
        self.assertNotIn("color", text)

    def test_layout_is_fit_for_phones_and_dark_mode(self):
        """MAIL-1: one fluid column, dark colours, the company's colour and logo."""
        self.env.company.write(
            {
                "email_secondary_color": "#123456",
                "logo": b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
                b"+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
            }
        )
        mail = self.ask(self.make_contact("Ann"))
        page = html.fromstring(mail.body_html)
        self.assertEqual(page.get("lang"), "en-US")
        names = {meta.get("name") for meta in page.iter("meta")}
        self.assertLessEqual({"viewport", "color-scheme"}, names)
        self.assertIn("prefers-color-scheme: dark", mail.body_html)
        [button] = page.iter("a")
        self.assertIn("background-color: #123456", button.get("style"))
        [logo] = page.iter("img")
        self.assertIn("/logo.png?company=", logo.get("src"))
        self.assertTrue(logo.get("alt"))

    def test_language_of_the_person(self):
        """MAIL-1: template, layout and texts in the person's language."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.template.with_context(lang="fr_FR").subject = "Vos données"
        self.newsletter.with_context(lang="fr_FR").name = "Lettre d'information"
        self.newsletter._publish()
        ann = self.make_contact("Ann", lang="fr_FR")
        bob = self.make_contact("Bob", lang="en_US")
        mail = self.ask(ann)
        self.assertEqual(mail.subject, "Vos données")
        self.assertIn(
            "Lettre d'information", html.fromstring(mail.body_html).text_content()
        )
        self.assertIn('lang="fr-FR"', mail.body_html)
        self.assertEqual(self.events(ann, self.newsletter)[-1].notice_id.lang, "fr_FR")
        self.assertIn("Newsletter", self.mails(bob).body_html)
        self.assertEqual(self.events(bob, self.newsletter)[-1].notice_id.lang, "en_US")

    def test_person_without_an_installed_language(self):
        """The company's language, else English."""
        ann = self.make_contact("Ann")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET lang = 'xx_XX' WHERE id = %s", [ann.id]
        )
        ann.invalidate_recordset()
        self.assertIn('lang="en-US"', self.ask(ann).body_html)

    def test_template_is_editable(self):
        """MAIL-1: what the administrator writes goes out; a lost button comes back."""
        self.template.body_html = "<p>Dear customer of <t t-out='object.name'/></p>"
        self.template.subject = "From {{ object.name }}"
        mail = self.ask(self.make_contact("Ann"))
        self.assertIn("Dear customer of", mail.body_html)
        self.assertIn(PERSONAL_LINK, mail.body_html)
        self.assertEqual(mail.subject, f"From {self.env.company.name}")

    def test_template_preview_works(self):
        """The texts are not there in a preview, and it renders nevertheless."""
        company = self.env.company
        body = self.template._render_field("body_html", company.ids)[company.id]
        self.assertIn(company.name, body)

    def test_attachment_of_the_template(self):
        attachment = self.env["ir.attachment"].create({"name": "terms", "raw": b"x"})
        self.template.attachment_ids = attachment
        self.assertEqual(self.ask(self.make_contact("Ann")).attachment_ids, attachment)

    def test_names_are_escaped(self):
        """A text of a consent is no HTML."""
        self.newsletter.name = "<img src=x onerror=alert(1)>"
        self.newsletter._publish()
        self.assertNotIn("<img src=x", self.ask(self.make_contact("Ann")).body_html)

    def test_nothing_in_the_chatter(self):
        """MAIL-2: the contact's history shows the request among the consents only."""
        ann = self.make_contact("Ann")
        before = ann.message_ids
        self.ask(ann)
        ann.invalidate_recordset()
        self.assertEqual(ann.message_ids, before)

    def test_row_equals_one_made_by_the_orm(self):
        """The bulk insert leaves out nothing that ``create`` would have set."""
        ann = self.make_contact("Ann")
        mail = self.ask(ann)
        twin = self.env["mail.mail"].create(
            {
                "subject": mail.subject,
                "model": "res.partner",
                "res_id": ann.id,
                "recipient_ids": ann.ids,
                "author_id": mail.author_id.id,
                "email_from": mail.email_from,
            }
        )
        self.env.flush_all()
        meant = {
            "mail_mail": {"body_html", "headers", "auto_delete", "consent_subject"},
            "mail_message": {
                "message_type", "reply_to", "email_add_signature", "record_company_id",
                "record_alias_domain_id",
            },
        }  # fmt: skip
        ids = {
            "mail_mail": (mail.id, twin.id),
            "mail_message": (mail.mail_message_id.id, twin.mail_message_id.id),
        }
        own = {
            "id",
            "message_id",
            "mail_message_id",
            "date",
            "create_date",
            "write_date",
        }
        for table, (ours, theirs) in ids.items():
            self.env.cr.execute(f"SELECT * FROM {table} WHERE id = %s", [ours])
            ours = self.env.cr.dictfetchone()
            self.env.cr.execute(f"SELECT * FROM {table} WHERE id = %s", [theirs])
            theirs = self.env.cr.dictfetchone()
            different = {k for k in ours if (ours[k] or None) != (theirs[k] or None)}
            self.assertLessEqual(different - own, meant[table], table)
            for column in own & ours.keys():
                self.assertTrue(ours[column], column)

    def test_default_keys_of_a_context_do_not_leak(self):
        ann = self.make_contact("Ann")
        asking = self.env["consent.asking"].with_context(
            default_state="cancel", default_scheduled_date="2099-01-01"
        )
        self.env["consent.record"]._sync("res.partner", ids=ann.ids)
        asking._ask(REQUEST, "res.partner", ann.ids, source="system")
        mail = self.mails(ann)
        self.assertEqual((mail.state, mail.scheduled_date), ("outgoing", False))
