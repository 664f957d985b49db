import logging

from odoo.tools import SQL

from ..common import PrivacyCommon


class WithholdingCommon(PrivacyCommon):
    """Contacts of whom a value is withheld."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phone = cls.make_data_purpose("phone")
        cls.sealed = cls.env["consent.sealed.value"]

    def setUp(self):
        super().setUp()
        self.addCleanup(self.key_file.chmod, 0o600)
        self.addCleanup(self.key_file.write_bytes, self.key_file.read_bytes())

    def withheld(self, *contacts):
        """:return: what is sealed of contacts, as it lies in the database"""
        ids = [contact.id for contact in contacts]
        return [
            sealed
            for (sealed,) in self.env.execute_query(
                SQL(
                    """SELECT sealed FROM consent_sealed_value
                        WHERE res_model = 'res.partner' AND res_id = ANY(%s)
                        ORDER BY res_id""",
                    ids,
                )
            )
        ]

    def assertLogged(self, module, level=logging.INFO):
        """Something is logged by a module of ours.

        :param str module: such as "subject.consent_subject_mixin"
        """
        return self.assertLogs(f"odoo.addons.privacy_guard.models.{module}", level)

    def make_waiting(self, name="Ann Example", **values):
        """:return: a contact who was asked for their phone number, which is withheld"""
        values.setdefault("phone", "+32 2 555 00 01")
        contact = self.make_contact(name, **values)
        self.ask(contact, self.phone)
        self.assertFalse(contact.phone)
        self.assertEqual(len(self.withheld(contact)), 1)
        return contact

    def run_daily(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("privacy_guard.ir_cron_withheld_values")
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def let_time_pass(self, *contacts):
        """Have what is withheld of these contacts be due for destruction."""
        self.env.cr.execute(
            "UPDATE consent_sealed_value SET destroy_on = current_date - 1"
            " WHERE res_id = ANY(%s)",
            [[contact.id for contact in contacts]],
        )
        self.env.invalidate_all()
