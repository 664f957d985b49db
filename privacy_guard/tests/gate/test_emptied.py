from odoo.tests import tagged

from ..withholding.withholding_common import WithholdingCommon

LOGGER = "odoo.addons.privacy_guard.models.gate.consent_subject_mixin_emptied"


@tagged("post_install", "-at_install")
class TestEmptied(WithholdingCommon):
    """ASK-2, ERA-2: what was emptied is empty when the transaction ends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.city = cls.make_data_purpose("city")
        cls.ann = cls.make_contact(city="Gent", function="Gent")

    def commit(self):
        """What happens before a transaction ends."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def compose(self):
        """Another add-on computes the city of what it has."""
        field = self.ann._fields["city"]

        def compute(partners):
            for partner in partners:
                partner.city = partner.function

        self.patch(field, "compute", compute)
        self.env.registry.field_computed[field] = [field]
        self.addCleanup(self.env.registry.__dict__.pop, "field_computed", None)

    def test_it_is_not_computed_anew(self):
        self.compose()
        for answer in ("refused", None):
            ann = self.make_contact("Bea", city="Gent", function="Gent")
            if answer:
                self.answer(ann, self.city, answer)
            else:
                ann._privacy_anonymise("asked")
            with self.subTest(answer=answer):
                self.commit()
                self.assertFalse(ann.city)
                ann.unlink()

    def test_what_comes_back_is_emptied_again(self):
        self.answer(self.ann, self.city, "refused")
        # below the ORM, as no lock sees it
        self.env.cr.execute(
            "UPDATE res_partner SET city = 'Gent' WHERE id = %s", [self.ann.id]
        )
        self.ann.invalidate_recordset()
        with self.assertLogs(LOGGER, "ERROR"):
            self.commit()
        self.assertFalse(self.ann.city)

    def test_what_is_given_back_stays(self):
        self.ask(self.ann, self.city)
        self.assertFalse(self.ann.city)
        self.answer(self.ann, self.city, "granted")
        self.commit()
        self.assertEqual(self.ann.city, "Gent")
