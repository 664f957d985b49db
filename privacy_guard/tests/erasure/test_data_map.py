from odoo.tests import tagged

from ...data_map.finders import by_contact, by_record
from ...data_map.personal_data import TREATMENTS, keep
from .erasure_common import ErasureCommon


@tagged("post_install", "-at_install")
class TestErasureHoldings(ErasureCommon):
    """What models hold about people is declared, all of it."""

    def test_every_installed_model_is_declared_or_exempt(self):
        """A model with a link to a contact, an address or a number that nobody has
        thought about would keep it when the person is erased."""
        self.assertEqual(self.env["privacy.data.map"]._undeclared(), {})

    def test_an_undeclared_model_is_named(self):
        data_map = self.env["privacy.data.map"]
        original = type(data_map)._declared

        def forgetful(registry):
            return [h for h in original(registry) if h.model != "mail.followers"]

        self.patch(type(data_map), "_declared", forgetful)
        self.assertEqual(
            data_map._undeclared(), {"mail.followers": ["partner_id", "res_id"]}
        )

    def test_what_is_exempt_says_why(self):
        data_map = self.env["privacy.data.map"]
        for name, reason in data_map._exempt().items():
            with self.subTest(model=name):
                self.assertTrue(reason)
                self.assertNotIn(name, [one.model for one in data_map._declared()])

    def test_declarations_are_sound(self):
        """Treatments and reasons exist, and so do columns and links of installed
        models."""
        data_map = self.env["privacy.data.map"]
        subjects = self.env["privacy.erasure.subject"]
        for declaration in data_map._installed():
            with self.subTest(declaration=declaration):
                self.assertIn(declaration.treatment, dict(TREATMENTS))
                self.assertIn(declaration.reason, data_map._reasons())
                if not declaration.found_by:
                    continue  # found by the catalogue, with their columns
                changes = declaration.treatment in ("blank", "anonymise")
                self.assertEqual(bool(declaration.columns), changes)
                if changes:
                    self.assertTrue(subjects._columns(declaration))
                # every way to find rows is valid SQL
                self.env.execute_query(subjects._found_sql(declaration, []))

    def test_people_are_found_by_links_and_by_records(self):
        other = self.make_contact("Bea Other")
        other.message_subscribe(self.ann.ids)
        for select, model_name, expected in (
            (by_contact("partner_id"), "mail.followers", other),
            (by_record(), "mail.followers", self.env["res.partner"]),
        ):
            subject = self.begin().subject_ids
            declaration = keep(model_name, select, reason="contact")
            found = self.env.execute_query(subject._found_sql(declaration, []))
            rows = self.env[model_name].browse(row_id for _id, row_id in found)
            self.assertEqual(rows.mapped("res_id"), expected.ids)

    def test_a_company_that_depends_on_the_company_owns_no_rows(self):
        """Its column says one for each of them."""
        data_map, banks = self.env["privacy.data.map"], self.env["res.partner.bank"]
        self.assertTrue(data_map._names_company(banks))
        self.patch(banks._fields["company_id"], "company_dependent", True)
        self.assertFalse(data_map._names_company(banks))
