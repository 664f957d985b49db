from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ...tools.text_array import text_array
from ..mail.mail_common import MailGateCommon

FORM = "kim.lee@xn--mller-kva.example"
WRITTEN = (
    "kim.lee@m\u00fcller.example",
    "KIM.LEE@M\u00dcLLER.EXAMPLE",
    "kim.lee@XN--MLLER-KVA.example",
    "kim.lee@m\u00fcller.example.",
    '"kim.lee"@m\u00fcller.example',
    '"Kim, L" <"kim.lee"@xn--mller-kva.example.>',
    "kim.lee(home)@m\u00fcller.example",
    "\u212aim.Lee@m\u00fcller\u3002example",
)
# How a mailbox may be written: case of the letters, quotes, final dot.
ways = st.tuples(
    st.sampled_from((str.lower, str.upper, str.title)), st.booleans(), st.booleans()
)


@tagged("post_install", "-at_install")
class TestAddresses(MailGateCommon):
    """IDN-2: an address has one form, for whatever compares it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kim = cls.make_contact("Kim Lee", email="kim.lee@m\u00fcller.example")
        cls.two = cls.make_contact(
            "Two Letters", email="first@x.example; Second <second@x.example>"
        )

    def reasons(self, text, mail_class="automatic"):
        """:return: the reasons for which a mail to a text would go to nobody"""
        mail = self.env["mail.mail"].new({"email_to": text})
        asked = {mail_class: mail._privacy_recipients()}
        return set(self.env["privacy.gate"]._mail_refusals(asked).values())

    def test_the_gate_knows_every_way_to_write_it(self):
        self.kim._privacy_stop("test")
        for text in WRITTEN:
            with self.subTest(text=text):
                mail = self.env["mail.mail"].create({"email_to": text})
                self.assertEqual(
                    (mail.state, mail.failure_type), ("cancel", "privacy_stopped")
                )

    def test_whatever_stands_in_an_address_many_are_asked_about_at_once(self):
        texts = ["a@x.example", '"a,b\\"@x.example', "{}", "NULL", "a'%s", "a\nb", ""]
        array = text_array(texts)
        rows = self.env.execute_query(SQL("SELECT unnest(%s::text[])", array))
        self.assertEqual([text for (text,) in rows], texts)
        self.assertIs(text_array(array), array)

    @settings(max_examples=50, deadline=None)
    @given(st.sampled_from(("o'brien", "a.b", "\u017c", "x+tag")), ways, ways)
    def test_any_two_ways_are_one_person(self, local, one, other):
        written = [
            f'"{case(local)}"' if quoted else case(local)
            for case, quoted, _dot in (one, other)
        ]
        texts = [
            f"{text}@sub.M\u00fcller.example{'.' if dot else ''}"
            for text, (_case, _quoted, dot) in zip(written, (one, other), strict=True)
        ]
        person = self.make_contact("Somebody", email=texts[0])
        person._privacy_stop("test")
        self.assertEqual(self.reasons(texts[1]), {"stopped"})
        self.assertFalse(self.reasons(f"x{texts[1]}"))
        person._privacy_resume("test")
        person.email = False

    def test_tags_are_other_mailboxes(self):
        self.kim._privacy_stop("test")
        self.assertFalse(self.reasons("kim.lee+tag@m\u00fcller.example"))

    def test_core_finds_people_however_the_address_is_written(self):
        """DUP-3: and makes nobody anew."""
        contacts, users = self.env["res.partner"], self.env["res.users"]
        user = self.make_user(
            "kim", "base.group_portal", partner_id=self.kim.id, email=WRITTEN[0]
        )
        for text in WRITTEN:
            with self.subTest(text=text):
                found = contacts._find_or_create_from_emails([text])
                self.assertEqual(found, [self.kim])
                self.assertEqual(users.search([("email_normalized", "=", text)]), user)
                self.assertEqual(contacts.find_or_create(text), self.kim)
                with (
                    self.assertRaisesRegex(UserError, "already used"),
                    self.env.cr.savepoint(),
                ):
                    self.make_contact("Somebody Else", email=text)

    def test_what_core_knows_of_an_address_comes_along(self):
        values = {"other@m\u00fcller.example": {"phone": "1"}}
        [new, known] = self.env["res.partner"]._find_or_create_from_emails(
            ["O <other@m\u00fcller.example>", WRITTEN[0]], additional_values=values
        )
        self.assertEqual((new.name, new.phone, known), ("O", "1", self.kim))

    def test_dup1_core_finds_a_duplicate_last(self):
        contacts = self.env["res.partner"]
        copy = self.make_contact("A Copy", email="copy@x.example")
        person = self.make_contact("Person", email="person@x.example")
        self.cr.execute(  # from before consents were enabled
            "UPDATE res_partner SET email_normalized = %s WHERE id = %s",
            ["person@x.example", copy.id],
        )
        copy._privacy_set_status("duplicate", "test")
        contacts.invalidate_model()
        address = "person@x.example"
        self.assertEqual(contacts.find_or_create(address), person)
        for key in (None, lambda partner: partner == copy):
            for reverse in (False, True):
                [found] = contacts._find_or_create_from_emails(
                    [address], sort_key=key, sort_reverse=reverse
                )
                self.assertEqual(found, person)
        person._privacy_set_status("duplicate", "test")
        self.assertEqual(contacts.find_or_create(address).email_normalized, address)

    def test_the_blacklist_is_that_of_the_mailbox(self):
        blacklist = self.env["mail.blacklist"]
        entry = blacklist._add(WRITTEN[0])
        self.assertEqual(entry.email, FORM)
        for text in WRITTEN:
            with self.subTest(text=text):
                self.assertEqual(blacklist.create({"email": text}), entry)
                self.assertEqual(blacklist.search([("email", "=", text)]), entry)
                self.assertEqual(blacklist._remove(text), entry)
                self.assertEqual(blacklist._add(text), entry)
        self.kim.invalidate_recordset()
        self.assertTrue(self.kim.is_blacklisted)
        self.assertEqual(
            self.reasons(WRITTEN[2], "marketing"), {"no_marketing_consent"}
        )

    def test_links_prove_the_mailbox(self):
        links = self.env["privacy.preferences.link"]
        token = links._token(self.kim)
        self.kim.email = WRITTEN[2]
        self.assertTrue(links._verify(token))

    def test_what_was_there_before(self):
        """The add-on is installed, or upgraded: core's own forms become one."""
        blacklist = self.env["mail.blacklist"].create({"email": FORM})
        same = self.env["mail.blacklist"].create({"email": "other@x.example"})
        blacklist.active = False
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE res_partner SET email_normalized = email,"
                " privacy_other_addresses = NULL WHERE id = ANY(%s) RETURNING id",
                (self.kim | self.two).ids,
            )
        )
        self.env.execute_query(
            SQL(
                "UPDATE mail_blacklist SET email = %s WHERE id = %s RETURNING id",
                WRITTEN[0],
                same.id,
            )
        )
        self.env.invalidate_all()
        self.env["mail.thread.blacklist"]._privacy_canonicalise_all()
        self.assertEqual(self.kim.email_normalized, FORM)
        self.assertEqual(self.two.email_normalized, "first@x.example")
        self.assertEqual(self.two.privacy_other_addresses, ["second@x.example"])
        [left] = self.env["mail.blacklist"].search([("email", "=", FORM)])
        self.assertTrue(left.active)

    # ------------------------------------------------------------------
    # Several addresses
    # ------------------------------------------------------------------

    def test_a_stop_reaches_each_address(self):
        self.two._privacy_stop("test")
        for text in ("first@x.example", "SECOND@x.example", self.two.email):
            with self.subTest(text=text):
                mail = self.env["mail.mail"].create({"email_to": text})
                self.assertEqual(mail.state, "cancel")
        mixed = self.env["mail.mail"].create(
            {"email_to": "second@x.example, other@x.example"}
        )
        self.assertEqual((mixed.state, mixed.email_to), ("outgoing", "other@x.example"))

    def test_a_refusal_and_a_blacklisting_reach_each_address(self):
        news = self.make_purpose(covers_email=True)
        self.two._consent_sync()
        self.answer(self.two, news, "granted")
        self.assertFalse(self.reasons("second@x.example", "marketing"))
        self.env["mail.blacklist"]._add("second@x.example")
        refused = {"no_marketing_consent"}
        self.assertEqual(self.reasons("first@x.example", "marketing"), refused)
        self.env["mail.blacklist"]._remove("second@x.example")
        self.answer(self.two, news, "refused")
        self.assertEqual(self.reasons("second@x.example", "marketing"), refused)

    def test_who_has_several_is_not_asked_and_listed(self):
        """A personal link would lead the reader of one of them to a login."""
        news = self.make_purpose()
        self.two._consent_sync()
        with self.assertRaisesRegex(UserError, "several e-mail addresses"):
            self.two.action_send_consent_request()
        self.assertEqual(self.value(self.two, news), "applicable")
        self.env.flush_all()
        [line] = self.env["consent.report"].search([("res_id", "=", self.two.id)])
        self.assertEqual(line.ineligibility, "several_addresses")
        self.two.email = "first@x.example"
        self.two.action_send_consent_request()
        self.assertEqual(self.value(self.two, news), "waiting")

    def test_what_the_mailer_reads_otherwise_identifies_nobody(self):
        """Else the request would go to another address than its link."""
        for odd in ('V<"W', 'V<"W one@x.example', 'V<"W, one@x.example'):
            with self.subTest(odd):
                one = self.make_contact("One Example", email=odd)
                self.assertFalse(one.email_normalized)
                with self.assertRaisesRegex(UserError, "no valid e-mail address"):
                    one.action_send_consent_request()
        for fine in ('V<"W" <three@x.example>', "(V) four@x.example"):
            self.assertTrue(self.make_contact("Fine", email=fine).email_normalized)

    def test_only_the_system_knows_the_others(self):
        with self.assertRaises(UserError):
            self.two.with_user(self.clerk).write({"privacy_other_addresses": False})
        self.assertEqual(self.two.privacy_other_addresses, ["second@x.example"])
