from odoo.tests import tagged

from .mail_common import MailGateCommon


@tagged("post_install", "-at_install")
class TestChannelGate(MailGateCommon):
    """What add-ons with another channel ask: letters, messengers."""

    def refused(self, mail_class, recipients, covers=None):
        """:return: {recipient: reason}"""
        asked = {mail_class: set(recipients)}
        refused = self.env["privacy.gate"]._channel_refusals(asked, covers)
        return {person: code for (_class, person), code in refused.items()}

    def test_as_for_mail(self):
        people = self.active + self.stopped + self.erasure_requested + self.erased
        stopped, erased = self.stopped.id, self.erased.id
        for mail_class, expected in {
            "mandatory": {},
            "manual": {erased: "erased"},
            "automatic": {stopped: "stopped", erased: "erased"},
        }.items():
            with self.subTest(mail_class):
                self.assertEqual(self.refused(mail_class, people.ids), expected)

    def test_addresses(self):
        known = self.stopped.email_normalized
        refused = self.refused("automatic", [known, "nobody@example.org"])
        self.assertEqual(refused, {known: "stopped"})

    def test_marketing_needs_a_consent_about_the_channel(self):
        ann = self.active
        everybody = [ann.id, "nobody@example.org"]
        refused = {ann.id: "no_marketing_consent"}
        self.assertEqual(self.refused("marketing", everybody), refused)
        # those about e-mail stand for any field here
        purpose = self.make_purpose(covers_email=True)
        self.env["consent.record"]._sync("res.partner", ids=ann.ids)
        self.assertEqual(self.refused("marketing", everybody, "covers_email"), refused)
        self.answer(ann, purpose, "granted")
        self.env.flush_all()
        self.assertEqual(self.refused("marketing", everybody, "covers_email"), {})
        # the opt-in and the blacklist are about e-mail
        self.env["mail.blacklist"]._add(ann.email)
        self.assertEqual(self.refused("marketing", everybody, "covers_email"), {})

    def test_two_queries_for_any_number(self):
        people = self.env["res.partner"].create(
            [{"name": f"Q{i}", "email": f"q{i}@example.com"} for i in range(50)]
        )
        self.refused("automatic", people.ids)  # settings are cached
        for some in (people[:2], people):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(2):
                self.refused("automatic", some.ids)
