import contextlib
import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from lxml import etree, html
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL

from ..attempts import Setup
from ..tools import keyring

# what somebody enters for an address to keep us busy, or to break what reads it
ENDLESS = (
    "a" * 6000 + "@e.example",
    "(" * 20000 + "a@e.example",
    "a@e.example " * 50000,
)
NOT_OF_STAFF = (
    "privacy_guard.group_privacy_user",
    "base.group_system",
    "base.group_erp_manager",
)


class PrivacyCommon(TransactionCase):
    """A company that has enabled consents, and builders for what tests need."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.key_file = Path(folder.name, "keyring.json")
        cls.startClassPatcher(
            patch.dict(os.environ, {keyring.VARIABLE: str(cls.key_file)})
        )
        keyring.create()
        # what tests change of the models is committed nowhere, and nobody else is there
        cls.startClassPatcher(patch.object(Setup, "is_outdated", return_value=False))
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
        cls.env.company.write(
            {"privacy_from_name": "Our Company", "privacy_from_email": "us@example.com"}
        )
        cls.belgium = cls.env.ref("base.be")
        cls.italy = cls.env.ref("base.it")

    def press_button(self, path, **values):
        """Open a page behind a link, and press its button: for an ``HttpCase``.

        :param values: what the button posts
        """
        page = html.fromstring(self.url_open(path).content)
        [form] = page.xpath("//main//form[@method='post']")
        return self.url_open(path, data={**dict(form.form_values()), **values})

    def keyring(self):
        return keyring.load()

    @classmethod
    def make_purpose(cls, **values):
        """:return: an active, published consent; custom and opt-in unless told"""
        activate = values.pop("active", True)
        values.setdefault("name", "Newsletter")
        values.setdefault("text", "May we send you our newsletter?")
        purposes = cls.env["consent.purpose"].with_context(active_test=False)
        # a sensitive field has a draft already
        draft = [("field_id", "=", values.get("field_id")), ("version", "=", 0)]
        purpose = values.get("field_id") and purposes.search(draft)
        if purpose:
            purpose.write(values)
        else:
            purpose = cls.env["consent.purpose"].create(values)
        purpose._publish()
        purpose.active = activate
        return purpose

    @classmethod
    def make_data_purpose(cls, field_name, **values):
        """:return: an active data consent on a field of contacts"""
        values.setdefault("name", f"Keep {field_name}")
        values.setdefault("text", f"May we keep your {field_name}?")
        field = cls.env["ir.model.fields"]._get("res.partner", field_name)
        return cls.make_purpose(kind="data", field_id=field.id, **values)

    @classmethod
    def make_contact(cls, name="Ann Example", **values):
        """:return: a person with an address of their own"""
        values.setdefault("email", f"{name.lower().replace(' ', '.')}@example.com")
        return cls.env["res.partner"].create({"name": name, **values})

    @classmethod
    def make_twin(cls, contact, name="Twin Example"):
        """:return: another contact with the same address, from before that was
        refused"""
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param("privacy_guard.enabled", False)
        twin = cls.make_contact(name, email=contact.email)
        parameters.set_param("privacy_guard.enabled", "True")
        return twin

    @classmethod
    def make_user(
        cls, login, groups="base.group_user,base.group_partner_manager", **values
    ):
        context = {"no_reset_password": True}  # no invitation by mail
        return new_test_user(cls.env, login, groups=groups, context=context, **values)

    @classmethod
    def make_staff(cls, login="staff"):
        """:return: somebody who sells, sends mailings, designs the website, keeps the
        contacts ...: with every right but those of privacy and of administrators"""
        kept = {cls.env.ref(name).id for name in NOT_OF_STAFF}
        staff = cls.make_user(login, email=f"{login}@example.com")
        # one by one: some exclude each other
        for group in cls.env["res.groups"].search([]):
            if group.share or kept & {group.id, *group.all_implied_ids.ids}:
                continue
            with contextlib.suppress(ValidationError), cls.env.cr.savepoint():
                staff.group_ids += group
        return staff

    def lose_request(self, person):
        """Ask somebody by a mail that is cancelled before it leaves."""
        self.assertEqual(person._consent_ask(), person)
        domain = [("model", "=", person._name), ("res_id", "=", person.id)]
        self.env["mail.mail"].search(domain).cancel()
        with self.enter_registry_test_mode():
            self.env.ref("privacy_guard.ir_cron_deliveries").method_direct_trigger()
        self.env.invalidate_all()

    def assertOffersRetry(self, person, user):
        """ASK-1: the form of somebody who did not get the request tells this user why,
        and offers to try again."""
        own = person.with_user(user)
        self.assertTrue(own.consent_undelivered)
        arch = etree.fromstring(own.get_view(view_type="form")["arch"])
        [reason] = arch.xpath("//field[@name='consent_undelivered'][@readonly]")
        [retry] = arch.xpath("//button[@name='action_retry_consent_request']")
        banner = retry.getparent()
        self.assertIn(banner, reason.iterancestors())
        self.assertEqual(banner.get("invisible"), "not consent_undelivered")
        self.assertTrue(banner.xpath("following-sibling::sheet"))
        own.action_retry_consent_request()
        self.env.invalidate_all()
        self.assertFalse(own.consent_undelivered)

    def refuse_changes(self, person, column, error="raise_exception"):
        """Have the database refuse to change a column of one contact, as the code of
        another add-on might.

        :param str error: condition of PostgreSQL; ``lock_not_available`` as if another
            transaction held the contact for longer than we wait
        """
        self.env.cr.execute(
            SQL(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
                    AS $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = %s; END $$;
                CREATE TRIGGER refuse BEFORE UPDATE OF %s ON res_partner
                   FOR EACH ROW WHEN (OLD.id = %s)
                   EXECUTE FUNCTION refuse()
                """,
                error,
                SQL.identifier(column),
                person.id,
            )
        )

    def consent(self, contact, purpose):
        """:return: the consent of a contact for a purpose, empty when it has none"""
        return self.env["consent.record"].search(
            [
                ("res_model", "=", contact._name),
                ("res_id", "=", contact.id),
                ("purpose_id", "=", purpose.id),
            ]
        )

    def value(self, contact, purpose):
        """:return: its value; no row is "Not applicable" """
        return self.consent(contact, purpose).value or "not_applicable"

    def events(self, contact, purpose):
        """:return: the chain of a consent, first event first"""
        return self.env["consent.event"].search(
            [
                ("res_model", "=", contact._name),
                ("res_id", "=", contact.id),
                ("purpose_id", "=", purpose.id),
            ],
            order="sequence",
        )

    def ask(self, contact, *purposes):
        """Put consents to Waiting as a request does, without mail."""
        rows = [
            (purpose.id, contact._name, contact.id, "request", "waiting", None, None)
            for purpose in purposes
        ]
        self.env["consent.record"]._apply_changes(
            contact._consent_rows_sql(rows), source="system"
        )

    def answer(self, contact, purpose, value):
        contact._consent_record_answers({purpose.id: value}, source="preferences")
