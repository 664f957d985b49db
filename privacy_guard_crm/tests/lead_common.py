from odoo.addons.privacy_guard.tests.personal.personal_common import (
    PersonalFieldsCommon,
)


class LeadCommon(PersonalFieldsCommon):
    """A lead whose person is no contact, and what leads are asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter = cls.make_purpose(
            name="Newsletter", for_leads=True, covers_email=True
        )
        cls.keep_phone = cls.make_lead_purpose("phone")
        cls.lead = cls.make_lead("Lea Example", phone="+32 2 555 01 02")

    @classmethod
    def make_lead(cls, name="Lea Example", **values):
        values.setdefault("email_from", f"{name.lower().replace(' ', '.')}@example.com")
        values.setdefault("contact_name", name)
        return cls.env["crm.lead"].create({"name": f"Inquiry of {name}", **values})

    @classmethod
    def end_transaction(cls):
        """What happens before it ends."""
        cls.env.flush_all()
        cls.env.cr.precommit.run()

    @classmethod
    def make_lead_purpose(cls, field_name, **values):
        """:return: an active data consent on a field of leads"""
        field = cls.env["ir.model.fields"]._get("crm.lead", field_name)
        values.setdefault("name", f"Keep {field_name} of leads")
        values.setdefault("text", f"May we keep your {field_name}?")
        return cls.make_purpose(kind="data", field_id=field.id, **values)

    def values(self, subject, *purposes):
        return [self.value(subject, purpose) for purpose in purposes]
