from odoo.tests import tagged

from odoo.addons.privacy_guard.tools.suppression import digest, in_company

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

    def test_numbers_of_erased_people_that_no_record_has(self):
        """ERA-2: nothing is kept of the person that could refuse."""
        suppression = self.env["privacy.suppression"]
        key_id, key = list(suppression._keys().items())[-1]
        unknown, shared = "+32470999999", "+32470888888"
        everywhere = digest(key, "phone", unknown[1:])
        here = digest(key, "phone", in_company(shared[1:], self.env.company.id))
        suppression._insert(dict.fromkeys((everywhere, here), "phone"), key_id)
        expected = {unknown: "stopped", shared: "stopped"}
        self.assertEqual(self.refused("automatic", unknown, shared, NUMBER), expected)
        self.assertEqual(self.refused("manual", unknown, shared), {})
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        gate = self.env["privacy.gate"].with_company(elsewhere)
        refused = gate._channel_refusals({"automatic": {unknown, shared}})
        self.assertEqual(refused, {("automatic", unknown): "stopped"})

    def test_blacklisted_numbers_get_no_marketing(self):
        number = "+32470999998"
        self.env["phone.blacklist"]._add([number])
        self.assertEqual(
            self.refused("marketing", number), {number: "no_marketing_consent"}
        )
