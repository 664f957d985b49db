from odoo.tests import tagged
from odoo.tools import SQL

from .withholding_common import WithholdingCommon

# type -> (further attributes of the field, texts of the column that must come back)
VALUES = {
    "char": ({}, ["plain", "", " \t\u00e9\u20ac\U0001f512 ' \" \\ %s {}", "pg1:no"]),
    "text": ({}, ["two\nlines\r\n", "x" * 20_000]),
    "html": ({}, ['<p onclick="no">as <b>stored</b> &amp; unsanitised<p>']),
    "date": ({}, ["2024-02-29", "0001-01-01", "9999-12-31"]),
    "datetime": ({}, ["2024-02-29 23:59:59", "2024-02-29 23:59:59.123456"]),
    "selection": ({}, ["a", "removed"]),
    "integer": ({}, ["0", "-2147483648"]),
    "float": ({}, ["0.1", "-0", "1e-300", "0.30000000000000004", "NaN"]),
    "monetary": ({"currency_field": "currency_id"}, ["0.10", "12345678901234567.891"]),
}
TRANSLATED = '{"de_DE": "Bäcker", "en_US": "Baker"}'


@tagged("post_install", "-at_install")
class TestWithholdingTypes(WithholdingCommon):
    """Every type of field that may carry a data consent comes back byte for byte."""

    def make_field(self, ttype, **values):
        self.addCleanup(self.registry.reset_changes)
        values |= {"name": f"x_{ttype}", "ttype": ttype, "state": "manual"}
        if ttype == "selection":
            values["selection_ids"] = [(0, 0, {"value": "a", "name": "A"})]
        model = self.env["ir.model"]._get("res.partner")
        return self.env["ir.model.fields"].create({**values, "model_id": model.id})

    def column(self, contact, name):
        return self.env.execute_query(
            SQL(
                "SELECT %s::text FROM res_partner WHERE id = %s",
                SQL.identifier(name),
                contact.id,
            )
        )[0][0]

    def set_column(self, contact, name, text):
        kind = contact._fields[name].column_type[0]
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET %s = CAST(%s AS %s) WHERE id = %s",
                SQL.identifier(name),
                text,
                SQL.identifier(kind),
                contact.id,
            )
        )
        contact.invalidate_recordset([name])

    def check(self, purpose, contact, name, text):
        self.set_column(contact, name, text)
        before = self.column(contact, name)
        self.assertIsNotNone(before)
        self.ask(contact, purpose)
        self.assertIsNone(self.column(contact, name))
        self.assertFalse(contact[name])
        self.answer(contact, purpose, "granted")
        self.assertEqual(self.column(contact, name), before)
        self.assertFalse(self.withheld(contact))

    def test_every_type(self):
        for ttype, (attributes, texts) in VALUES.items():
            if ttype == "monetary":
                attributes = {"currency_field": self.make_currency_field()}
            field = self.make_field(ttype, **attributes)
            purpose = self.make_data_purpose(field.name)
            for number, text in enumerate(texts):
                with self.subTest(type=ttype, text=text[:40]):
                    contact = self.make_contact(f"{ttype} {number}")
                    self.check(purpose, contact, field.name, text)

    def make_currency_field(self):
        self.env["ir.model.fields"].create(
            {
                "name": "x_currency_id",
                "ttype": "many2one",
                "relation": "res.currency",
                "state": "manual",
                "model_id": self.env["ir.model"]._get("res.partner").id,
            }
        )
        return "x_currency_id"

    def test_translated_text(self):
        field = self.make_field("char", translate="standard")
        purpose = self.make_data_purpose(field.name)
        self.check(purpose, self.make_contact(), field.name, TRANSLATED)

    def test_table_is_that_of_the_model(self):
        """A type that may carry a consent and is not tested here shows."""
        from ...models.personal.consent_purpose import TYPES

        self.assertEqual(set(TYPES), {*VALUES, "many2one"})

    def test_many2one(self):
        purpose = self.make_data_purpose("state_id")
        state = self.env.ref("base.state_us_5")
        ann = self.make_contact(state_id=state.id)
        self.ask(ann, purpose)
        self.assertFalse(ann.state_id)
        self.answer(ann, purpose, "granted")
        self.assertEqual(ann.state_id, state)

    def test_many2one_whose_target_was_deleted(self):
        """It is dropped, and the log says so."""
        purpose = self.make_data_purpose("industry_id")
        kept, gone = self.env["res.partner.industry"].create(
            [{"name": "Kept"}, {"name": "Gone"}]
        )
        ann = self.make_contact(industry_id=gone.id)
        ben = self.make_contact("Ben Example", industry_id=kept.id)
        self.ask(ann, purpose)
        self.ask(ben, purpose)
        gone.unlink()
        with self.assertLogged("withholding.consent_subject_mixin") as logs:
            purpose.active = False
        self.assertIn(f"[{ann.id}]", logs.output[0])
        self.assertEqual((ann.industry_id, ben.industry_id), (gone.browse(), kept))
        self.assertFalse(self.withheld(ann, ben))

    def test_relations_that_end_at_the_contact_follow(self):
        """What the other side of a relation caches is right again too."""
        purpose = self.make_data_purpose("industry_id")
        industry = self.env["res.partner.industry"].create({"name": "Bakers"})
        ann = self.make_contact(industry_id=industry.id)
        domain = [("industry_id", "=", industry.id)]
        self.ask(ann, purpose)
        self.assertFalse(self.env["res.partner"].search(domain))
        self.answer(ann, purpose, "granted")
        self.assertEqual(self.env["res.partner"].search(domain), ann)

    def test_column_whose_type_has_changed(self):
        """What does not fit any more stays sealed instead of failing the answer."""
        field = self.make_field("char")
        purpose = self.make_data_purpose(field.name)
        ann = self.make_contact(**{field.name: "text"})
        self.ask(ann, purpose)
        self.patch(ann._fields[field.name], "column_type", ("int4", "int4"))
        with self.assertLogs("odoo.addons.privacy_guard", "ERROR"):
            self.answer(ann, purpose, "granted")
        self.assertEqual(self.value(ann, purpose), "granted")
        self.assertEqual(len(self.withheld(ann)), 1)

    def test_field_that_was_deleted(self):
        """There is nowhere to return to: the daily job destroys the value."""
        field = self.make_field("char")
        purpose = self.make_data_purpose(field.name)
        ann = self.make_contact(**{field.name: "text"})
        self.ask(ann, purpose)
        field.unlink()
        self.assertEqual(len(self.withheld(ann)), 1)
        with self.assertLogged("withholding.consent_sealed_value_due"):
            self.run_daily()
        self.assertFalse(self.withheld(ann))
        self.answer(ann, purpose, "refused")
        self.assertEqual(self.value(ann, purpose), "refused")
