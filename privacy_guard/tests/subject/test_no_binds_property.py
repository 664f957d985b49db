from hypothesis import given, settings
from hypothesis import strategies as st
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import Error as DatabaseError

from ..common import PrivacyCommon

ROLES = ("sally", "staff", "olga", "adam", "superuser")
CONTEXTS = ({}, {"privacy_skip_locked": True}, {"install_mode": True})
TEXTS = ("x", "other@example.com", "a@example.com, b@example.com", "1", "", False)


@tagged("post_install", "-at_install")
class TestNoBindsProperty(PrivacyCommon):
    """IDN-5: no sequence of edits of any field of a contact, by any role, makes of a
    recorded "no" something that lets a mail or a value pass."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter = cls.make_purpose(covers_email=True)
        cls.phone = cls.make_data_purpose("phone")
        cls.firm = cls.env["res.partner"].create({"name": "Firm", "is_company": True})
        cls.other = cls.make_contact("Other")
        manager = "base.group_partner_manager"
        cls.users = {
            "sally": cls.make_user("sally", f"base.group_user,{manager}"),
            "staff": cls.make_staff(),
            "olga": cls.make_user(
                "olga", f"{manager},privacy_guard.group_privacy_officer"
            ),
            "adam": cls.make_user("adam", f"{manager},base.group_system"),
            "superuser": cls.env.user,
        }
        partners = cls.env["res.partner"]
        cls.names = sorted(
            name
            for name, field in partners._fields.items()
            if field.store and name not in MAGIC_COLUMNS and cls.values(field)
        )

    @classmethod
    def values(cls, field):
        """:return: what is written into a field of this type"""
        if field.type in ("char", "text", "html"):
            return TEXTS
        if field.type == "boolean":
            return (True, False)
        if field.type == "selection":
            options = field.get_values(cls.env)
            return (*options, False) if options else ()
        if field.type in ("integer", "float", "monetary"):
            return (0, 7)
        if field.type in ("date", "datetime"):
            return (Date.to_date("2030-01-01"), False)
        if field.type == "many2one":
            if field.comodel_name == "res.partner":
                return (cls.firm.id, cls.other.id, False)
            found = cls.env[field.comodel_name].search([], limit=2)
            return (*found.ids, False)
        if field.type == "json":
            return (["x@example.com"], False)
        if field.type == "many2many":
            found = cls.env[field.comodel_name].search([], limit=1)
            return ([Command.set(found.ids)], [Command.clear()])
        return ()

    def edit(self, contact, data):
        """Somebody writes one field, or fails to."""
        name = data.draw(st.sampled_from(self.names))
        value = data.draw(st.sampled_from(self.values(contact._fields[name])))
        role = data.draw(st.sampled_from(ROLES))
        context = data.draw(st.sampled_from(CONTEXTS))
        try:
            with (
                self.env.cr.savepoint(),
                mute_logger("odoo.sql_db", "odoo.addons.base.models.res_partner"),
            ):
                edited = contact.with_user(self.users[role]).with_context(**context)
                edited.write({name: value})
        except (AccessError, UserError, ValueError, DatabaseError):
            self.env.invalidate_all()
        return role, name, value, context

    def refusal(self, mail_class, contact):
        refusals = self.env["privacy.gate"]._mail_refusals({mail_class: {contact.id}})
        return refusals.get((mail_class, contact.id))

    @settings(max_examples=50)
    @given(st.data())
    def test_refused(self, data):
        with self.env.cr.savepoint() as savepoint:
            contact = self.make_contact(phone="1")
            self.answer(contact, self.phone, "refused")
            self.answer(contact, self.newsletter, "refused")
            steps = []
            for _step in range(data.draw(st.integers(1, 6))):
                steps.append(self.edit(contact, data))
                self.assertFalse(contact.phone, steps)
                self.assertIn("phone", contact.privacy_locked_fields, steps)
                self.assertTrue(self.refusal("marketing", contact), steps)
            savepoint.rollback()
            self.env.invalidate_all()

    @settings(max_examples=50)
    @given(st.data())
    def test_stopped(self, data):
        with self.env.cr.savepoint() as savepoint:
            contact = self.make_contact(phone="1")
            contact._privacy_stop("asked")
            before = contact.read(["name", "email", "phone", "active"])
            steps = []
            for _step in range(data.draw(st.integers(1, 6))):
                steps.append(self.edit(contact, data))
                self.assertEqual(contact.privacy_status, "stopped", steps)
                self.assertEqual(
                    contact.read(["name", "email", "phone", "active"]), before, steps
                )
                self.assertEqual(self.refusal("automatic", contact), "stopped", steps)
            savepoint.rollback()
            self.env.invalidate_all()
