from odoo.tests import tagged

from .lead_common import LeadCommon

NUMBER = "+32 2 555 01 03"


@tagged("post_install", "-at_install")
class TestLeadNoCopy(LeadCommon):
    """What is emptied of a contact leaves no copy with its leads, nor in their history:
    leads take over what their customer has, and tell of changes (ASK-2, ERA-2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=False))
        # nothing is asked about leads
        cls.keep_phone.active = False
        cls.phone = cls.make_data_purpose("phone")
        cls.ann = cls.make_contact("Ann Example", phone=NUMBER)
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Inquiry", "partner_id": cls.ann.id}
        )
        cls.commit()

    @classmethod
    def commit(cls):
        """What happens before a transaction ends."""
        cls.env.flush_all()
        cls.env.cr.precommit.run()
        cls.env.cr.flush()

    def assertNoCopy(self, value):
        self.commit()
        self.env.cr.execute(
            """
            SELECT 'tracking' FROM mail_tracking_value value
             WHERE value::text LIKE %(like)s
             UNION ALL SELECT 'message' FROM mail_message message
             WHERE message::text LIKE %(like)s
             UNION ALL SELECT 'lead' FROM crm_lead lead WHERE lead::text LIKE %(like)s
            """,
            {"like": f"%{value}%"},
        )
        self.assertEqual(self.env.cr.fetchall(), [])

    def test_the_scene(self):
        self.assertEqual(self.lead.phone, NUMBER)
        self.ann.email = "new@example.com"
        self.commit()
        tracked = self.lead.message_ids.tracking_value_ids
        self.assertIn("ann.example@example.com", tracked.mapped("old_value_char"))

    def test_refused(self):
        self.answer(self.ann, self.phone, "refused")
        self.assertFalse(self.ann.phone)
        self.assertNoCopy(NUMBER)

    def test_withheld_and_given_back(self):
        self.ask(self.ann, self.phone)
        self.assertNoCopy(NUMBER)
        self.answer(self.ann, self.phone, "granted")
        self.assertEqual(self.ann.phone, NUMBER)
        self.assertEqual(self.lead.phone, NUMBER)

    def test_another_value_waits_with_the_lead(self):
        # a form would give it to the customer, too
        self.env.cr.execute(
            "UPDATE crm_lead SET phone = '5' WHERE id = %s", [self.lead.id]
        )
        self.lead.invalidate_recordset()
        self.ask(self.ann, self.phone)
        self.commit()
        self.assertEqual(self.lead.phone, "5")

    def test_what_another_add_on_has_taken_over(self):
        """It keeps what it once had, as the fields of leads do."""
        self.addCleanup(self._forget_fields)
        self.env["ir.model.fields"].create(
            {
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "name": "x_call",
                "field_description": "Call",
                "ttype": "char",
                "store": True,
                "readonly": False,
                "depends": "partner_id.phone",
                "compute": "for lead in self.filtered('partner_id.phone'):\n"
                "  lead['x_call'] = lead.partner_id.phone",
            }
        )
        self.assertEqual(self.lead.x_call, NUMBER)
        self.answer(self.ann, self.phone, "refused")
        self.assertFalse(self.lead.x_call)
        self.assertNoCopy(NUMBER)

    def test_erased(self):
        self.ann._privacy_anonymise("asked")
        self.assertNoCopy(NUMBER)
        self.assertNoCopy("ann.example@example.com")

    def test_changes_of_users_before_are_told(self):
        self.lead.priority = "3"
        self.lead.email_from = "new@example.com"
        self.answer(self.ann, self.phone, "refused")
        self.commit()
        tracked = self.lead.message_ids.tracking_value_ids
        self.assertIn("new@example.com", tracked.mapped("new_value_char"))
