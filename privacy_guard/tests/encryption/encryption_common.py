from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.privacy_guard.models.encryption import ir_model_fields_conversion

from ..common import PrivacyCommon

VALUE = "BE-79-REG-1234"
MASKED = "••••1234"


class EncryptionCommon(PrivacyCommon):
    """Fields of contacts to encrypt."""

    # encrypted before the first test of a class
    encrypted = ("ref",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.make_user(
            "ivo", "privacy_guard.group_privacy_officer,base.group_partner_manager"
        )
        cls.employee = cls.make_user(
            "emil",
            "base.group_user,base.group_partner_manager,base.group_allow_export",
        )
        for name in cls.encrypted:
            cls.encrypt(name)
        cls.ann = cls.make_contact("Ann Example", ref=VALUE)

    @classmethod
    def ir_field(cls, name, model="res.partner"):
        return cls.env["ir.model.fields"]._get(model, name)

    @classmethod
    def encrypt(cls, name, visible=4):
        """Turn encryption on and convert what is there."""
        cls.ir_field(name)._privacy_encrypt(visible)
        cls.convert()

    @classmethod
    def convert(cls):
        """What the scheduled action does, without its commits."""
        with cls.without_commits():
            cls.env["ir.model.fields"]._privacy_convert_all()

    @classmethod
    @contextmanager
    def without_commits(cls):
        cron = type(cls.env["ir.cron"])
        with (
            patch.object(cron, "_commit_progress", lambda *a, **k: float("inf")),
            patch.object(
                ir_model_fields_conversion, "retrying", lambda work, env: work()
            ),
        ):
            yield

    def stored(self, record, name="ref"):
        """:return: what the column holds"""
        record.flush_recordset()
        self.env.cr.execute(
            f"SELECT {name} FROM {record._table} WHERE id = %s", [record.id]
        )
        return self.env.cr.fetchone()[0]
