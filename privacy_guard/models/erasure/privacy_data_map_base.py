from odoo import api, models
from odoo.tools import SQL

from ...data_map.personal_data import PersonalData, by_account, by_contact, by_record


class PrivacyDataMap(models.AbstractModel):
    """What Odoo's base and the add-ons without a subject of their own hold."""

    _inherit = "privacy.data.map"

    @api.model
    def _declared(self):
        """The contact itself is treated by :meth:`_privacy_anonymise` of the subject,
        after everything that is found by it."""
        account, contact = by_account("user_id"), by_contact("partner_id")
        return [
            *super()._declared(),
            PersonalData(
                "res.partner.bank",
                "anonymise",
                (contact,),
                "contact",
                blank=("acc_holder_name", "clearing_number", "note"),
                label=("acc_number", "sanitized_acc_number"),
                archive=True,
            ),
            PersonalData("ir.attachment", "delete", (by_record(),), "contact"),
            PersonalData("res.device.log", "delete", (account,), "account", plain=True),
            PersonalData(
                "res.users.apikeys", "delete", (account,), "account", plain=True
            ),
            PersonalData(
                "auth_totp.device", "delete", (account,), "account", plain=True
            ),
            PersonalData(
                "auth.passkey.key",
                "delete",
                (by_account("create_uid"),),
                "account",
                plain=True,
            ),
            PersonalData("mail.presence", "delete", (account,), "account", plain=True),
            PersonalData(
                "res.users.settings.volumes",
                "delete",
                (contact,),
                "account",
                plain=True,
            ),
            PersonalData(
                "res.users",
                "anonymise",
                (contact,),
                "account",
                blank=("password", "signature", "out_of_office_message", "totp_secret"),
                label=("login",),
                archive=True,
            ),
            PersonalData("ir.model.data", "delete", (imported,), "contact"),
        ]

    @api.model
    def _exempt(self):
        return {
            **super()._exempt(),
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


def imported(model):
    """External ids that an import made: people's names and addresses are used as such,
    and importing again would find the record by it."""
    return SQL(
        r"%s WHERE held.module LIKE '\_\_%%'", by_record("model", "res_id")(model)
    )
