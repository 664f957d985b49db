from odoo.tests import tagged

from .number_common import NUMBER, NumberCommon


@tagged("post_install", "-at_install")
class TestChannelGate(NumberCommon):
    """Who is known by a number in other channels, encrypted or not."""

    def refused(self, mail_class, *recipients):
        asked = {mail_class: set(recipients)}
        refused = self.env["privacy.gate"]._channel_refusals(asked)
        return {person: code for (_class, person), code in refused.items()}

    def test_numbers(self):
        unknown = "+32470999999"
        self.assertEqual(self.refused("automatic", NUMBER, unknown), {})
        self.ann._privacy_set_status("stopped", "test")
        expected = {NUMBER: "stopped", self.ann.id: "stopped"}
        recipients = (NUMBER, unknown, self.ann.id, self.bea.id)
        self.assertEqual(self.refused("automatic", *recipients), expected)
        self.assertEqual(self.refused("manual", *recipients), {})

    def test_blacklisted_numbers_get_no_marketing(self):
        number = "+32470999998"
        self.env["phone.blacklist"]._add([number])
        self.assertEqual(
            self.refused("marketing", number), {number: "no_marketing_consent"}
        )
