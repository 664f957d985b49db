from ...models.personal.ir_model_fields import FLAGS
from ..common import PrivacyCommon


class PersonalFieldsCommon(PrivacyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.make_user(
            "officer",
            "privacy_guard.group_privacy_officer,base.group_partner_manager",
        )
        cls.phone = cls.field("phone")

    @classmethod
    def field(cls, name, model="res.partner"):
        return cls.env["ir.model.fields"]._get(model, name).with_env(cls.env)

    def make_field(self, name="x_birthday", ttype="date", **values):
        """:return: a custom field of contacts, as the field editor makes it"""
        self.addCleanup(self._forget_fields)
        return self.env["ir.model.fields"].create(
            {
                "name": name,
                "field_description": name.removeprefix("x_").title(),
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "ttype": ttype,
                **values,
            }
        )

    def _forget_fields(self):
        """The models are set up as the database is without this test."""
        self.registry.registry_invalidated = True
        with self.muted_registry_logger:
            self.registry.reset_changes()

    def line(self, ir_field, user=None):
        """:return: the row of a field on the screen Personal data, fetched anew"""
        self.env.invalidate_all()
        lines = self.env["privacy.field"].with_user(user or self.officer)
        return lines.browse(ir_field.id)

    def purpose(self, ir_field):
        """:return: the data consent of a field, switched on or not"""
        purposes = self.env["consent.purpose"].with_context(active_test=False)
        return purposes.search([("field_id", "=", ir_field.id)])

    def assertFlags(self, ir_field, personal, sensitive):
        self.env.invalidate_all()
        flags = tuple(bool(ir_field[name]) for name in FLAGS)
        self.assertEqual(flags, (personal, sensitive))
