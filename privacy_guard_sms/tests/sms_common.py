from odoo.addons.privacy_guard.tests.common import PrivacyCommon

NUMBERS = {
    "active": "+32470110001",
    "stopped": "+32470110002",
    "erasure_requested": "+32470110003",
    "erased": "+32470110004",
}


class SmsGateCommon(PrivacyCommon):
    """People with numbers in every situation of the table; no provider is called."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.be")
        cls.clerk = cls.make_user("clerk", email="clerk@example.com")
        cls.people = {
            name: cls.make_contact(f"{name.capitalize()} Example", phone=number)
            for name, number in NUMBERS.items()
        }
        cls.people["stopped"]._privacy_set_status("stopped", "test")
        cls.env["privacy.request"]._make(
            cls.people["erasure_requested"], "erasure", "letter"
        )
        cls.people["erased"]._privacy_set_status("erased", "test")
        cls.everybody = cls.env["res.partner"].union(*cls.people.values())
        cls.document = cls.make_contact("The Document", is_company=True, email=False)

    def setUp(self):
        super().setUp()
        self.sent = []
        sent = self.sent

        def provider(messages, *args, **kwargs):
            sent.extend(messages.mapped("number"))
            messages.state = "pending"

        self.patch(type(self.env["sms.sms"]), "_send_with_api", provider)

    def messages_to(self, person):
        messages = self.env["sms.sms"]
        return messages.search([("partner_id", "=", person.id)])

    def composer(self, people, mode, user=None, **values):
        composer = self.env["sms.composer"].with_user(user or self.clerk)
        return composer.create(
            {
                "res_model": people._name,
                "res_id": people.id if len(people) == 1 else False,
                "res_ids": repr(people.ids) if mode == "mass" else False,
                "composition_mode": mode,
                "body": "Hello",
                **values,
            }
        )
