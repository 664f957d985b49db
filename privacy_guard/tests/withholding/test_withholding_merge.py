from odoo.exceptions import UserError
from odoo.tests import tagged

from .withholding_common import WithholdingCommon

# source, destination: (value of the consent, the number it has or that is withheld)
# merged: (value of the consent, number on the contact, number that is withheld)
CASES = [
    # the destination keeps its own
    (("waiting", "1"), ("waiting", "2"), ("waiting", None, "2")),
    (("waiting", "1"), ("applicable", "2"), ("waiting", None, "2")),
    (("applicable", "1"), ("waiting", "2"), ("waiting", None, "2")),
    # a yes that was given at another address is not the destination's
    (("granted", "1"), ("waiting", "2"), ("waiting", None, "2")),
    (("waiting", "1"), ("granted", "2"), ("granted", "2", None)),
    # else it takes the source's
    (("waiting", "1"), ("waiting", None), ("waiting", None, "1")),
    (("waiting", "1"), ("applicable", None), ("waiting", None, "1")),
    (("applicable", "1"), ("waiting", None), ("waiting", None, "1")),
    (("granted", "1"), ("waiting", None), ("waiting", None, "1")),
    (("waiting", "1"), ("granted", None), ("granted", "1", None)),
    # no destroys
    (("waiting", "1"), ("refused", None), ("refused", None, None)),
    (("refused", None), ("waiting", "2"), ("refused", None, None)),
]


@tagged("post_install", "-at_install")
class TestWithholdingMerge(WithholdingCommon):
    """Merging contacts of whom something is withheld."""

    def merge(self, source, destination):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [source.id, destination.id], destination
        )
        self.env.invalidate_all()

    def person(self, name, value, number):
        contact = self.make_contact(name, phone=number)
        if value == "waiting":
            self.ask(contact, self.phone)
        elif value != "applicable":
            self.answer(contact, self.phone, value)
        return contact

    def test_table(self):
        for number, (theirs, ours, (value, phone, withheld)) in enumerate(CASES):
            with self.subTest(source=theirs, destination=ours):
                source = self.person(f"Source {number}", *theirs)
                destination = self.person(f"Destination {number}", *ours)
                self.merge(source, destination)
                self.assertEqual(self.value(destination, self.phone), value)
                self.assertEqual(destination.phone or None, phone)
                self.assertEqual(bool(self.withheld(destination)), bool(withheld))
                self.assertFalse(self.withheld(source))
                if withheld:
                    self.answer(destination, self.phone, "granted")
                    self.assertEqual(destination.phone, withheld)

    def test_switched_off_consent_withholds_nothing(self):
        source = self.make_waiting("Source", phone="1")
        destination = self.make_contact("Destination", phone="2")
        self.phone.active = False
        self.merge(source, destination)
        self.assertEqual(destination.phone, "2")
        self.assertFalse(self.withheld(source, destination))

    def test_refused_when_a_value_would_be_lost(self):
        source = self.make_waiting("Source", phone="1")
        destination = self.make_contact("Destination")
        self.key_file.rename(self.key_file.with_suffix(".away"))
        with self.assertLogged("withholding.consent_sealed_value_key", "ERROR"):
            with self.assertRaisesRegex(UserError, "withheld"):
                with self.env.cr.savepoint():
                    self.merge(source, destination)
        self.key_file.with_suffix(".away").rename(self.key_file)
        self.assertTrue(source.exists())
        self.merge(source, destination)
        self.answer(destination, self.phone, "granted")
        self.assertEqual(destination.phone, "1")
