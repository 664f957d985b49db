import base64
from contextlib import contextmanager
from unittest.mock import patch

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from odoo.addons.privacy_guard.models.encryption import ir_model_fields_conversion
from odoo.addons.privacy_guard.tools import keyring
from odoo.addons.privacy_guard.tools.cipher import FieldCipher

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

    def store(self, record, value, name="ref"):
        """Put something into the column, past the ORM."""
        record.flush_recordset()
        self.env.cr.execute(
            f"UPDATE {record._table} SET {name} = %s WHERE id = %s", [value, record.id]
        )
        record.invalidate_recordset()

    def unbound(self, text, name="ref"):
        """:return: a value of a contact in the first format, bound to no record"""
        ring, context = keyring.load(), f"pg1,res.partner,{name}"
        key_id, nonce = ring.active_id, bytes(12)
        index = FieldCipher(ring, "res.partner", name).indexes(text)[-1]
        sealed = AESGCM(ring.subkey(key_id, f"{context},encrypt")).encrypt(
            nonce, text.encode(), f"{context},{key_id},{index}".encode()
        )
        payload = base64.urlsafe_b64encode(nonce + sealed).decode()
        return f"pg1:{key_id}:{index}:{payload}"

    def stored(self, record, name="ref"):
        """:return: what the column holds"""
        record.flush_recordset()
        self.env.cr.execute(
            f"SELECT {name} FROM {record._table} WHERE id = %s", [record.id]
        )
        return self.env.cr.fetchone()[0]
