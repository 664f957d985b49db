from odoo.exceptions import UserError
from odoo.tests import tagged

from ..withholding.withholding_common import WithholdingCommon


@tagged("post_install", "-at_install")
class TestRefusedValues(WithholdingCommon):
    """ASK-2: the lock keeps values out, not in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.make_contact(phone="1")

    def put_back(self, value="123"):
        """A value that came past the lock, by SQL or before it."""
        self.env.cr.execute(
            "UPDATE res_partner SET phone = %s WHERE id = %s", [value, self.ann.id]
        )
        self.ann.invalidate_recordset()

    def test_what_may_not_be_there_can_be_emptied(self):
        clerk = self.make_user("clerk")
        self.ask(self.ann, self.phone)
        for answer in (None, "refused"):
            if answer:
                self.answer(self.ann, self.phone, answer)
            self.put_back()
            with self.subTest(answer=answer):
                with self.assertRaises(UserError):
                    self.ann.with_user(clerk).phone = "124"
                self.ann.with_user(clerk).write({"phone": False})
                self.assertFalse(self.ann.phone)

    def test_what_nobody_was_asked_about_is_not_emptied(self):
        with self.assertRaises(UserError):
            self.ann.phone = False

    def test_what_is_emptied_is_not_kept_as_a_former_value(self):
        self.answer(self.ann, self.phone, "refused")
        self.put_back()
        self.ann._fields["phone"].tracking = 1
        self.addCleanup(self.ann._fields["phone"].__dict__.pop, "tracking", None)
        self.env.registry.clear_cache()
        tracked = self.ann.with_context(tracking_disable=False)
        tracked.write({"phone": False, "city": "Gent"})
        self.env.flush_all()
        self.env.cr.precommit.run()
        values = self.env["mail.tracking.value"].search(
            [("mail_message_id.res_id", "=", self.ann.id)]
        )
        self.assertFalse(values.filtered(lambda v: v.old_value_char == "123"))

    def test_a_user_whose_contact_refused(self):
        """The account is made; what is locked is neither stored nor an error."""
        self.answer(self.ann, self.phone, "refused")
        self.env["res.users"].with_context(no_reset_password=True).create(
            {"name": "Ann Example", "login": "ann", "partner_id": self.ann.id}
        )
        self.assertFalse(self.ann.phone)
