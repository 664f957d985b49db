"""What Odoo's base and the add-ons without a subject of their own hold.

The contact itself is treated by ``_privacy_anonymise()`` of the subject, after
everything that is found by it.
"""

from odoo.models import BaseModel
from odoo.tools import SQL

from .finders import by_account, by_contact, by_record
from .personal_data import anonymise, delete, keep


def imported(model: BaseModel) -> SQL:
    """External ids that an import made: people's names and addresses are used as such,
    and importing again would find the record by it."""
    return SQL(
        r"%s WHERE held.module LIKE '\_\_%%'", by_record("model", "res_id")(model)
    )


BASE = (
    anonymise(
        "res.partner.bank",
        by_contact("partner_id"),
        blank=("acc_holder_name", "clearing_number", "note"),
        label=("acc_number", "sanitized_acc_number"),
        archive=True,
        reason="contact",
    ),
    delete("ir.attachment", by_record(), reason="contact"),
    delete("res.device.log", by_account("user_id"), plain=True, reason="account"),
    delete("res.users.apikeys", by_account("user_id"), plain=True, reason="account"),
    delete("auth_totp.device", by_account("user_id"), plain=True, reason="account"),
    delete("auth.passkey.key", by_account("create_uid"), plain=True, reason="account"),
    delete("mail.presence", by_account("user_id"), plain=True, reason="account"),
    delete(
        "res.users.settings.volumes",
        by_contact("partner_id"),
        plain=True,
        reason="account",
    ),
    anonymise(
        "res.users",
        by_contact("partner_id"),
        blank=("password", "signature", "out_of_office_message", "totp_secret"),
        label=("login",),
        archive=True,
        reason="account",
    ),
    keep("res.groups", reason="account"),
    delete("ir.model.data", imported, reason="contact"),
)

BASE_EXEMPT = {
    "res.company": "the company's own contact is not erased",
    "res.bank": "addresses of banks",
    "res.country": "dialling codes",
    "res.partner.category": "the link to tags goes with the contact's fields",
    "ir.actions.server": "names the contact, which becomes anonymous",
    "ir.sequence": "numbers of documents",
    "ir.actions.act_window": "a column that is called after a screen",
    "ir.mail_server": "addresses of servers",
    "fetchmail.server": "addresses of servers",
    "iap.account": "the company's own account",
    "ir.cron.progress": "numbers of rows",
}
