from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from odoo.addons.privacy_guard.extending import EncryptedField, blind_index_sql


class ConsentSubjectMixin(models.AbstractModel):
    """Who is reached by text message, of whom a consent allows it (RCH-1)."""

    _inherit = "consent.subject.mixin"

    @api.model
    def _privacy_unreached(self, alias, channel, at):
        if channel != "sms":
            return super()._privacy_unreached(alias, channel, at)
        if "phone_sanitized" not in self._fields:
            return {"no_address": SQL("TRUE")}
        held = self.env["privacy.sms.reply"]._held()
        return {
            "no_address": self._privacy_number_sql(
                alias, Domain("phone_sanitized", "=", False)
            ),
            "blacklisted": self._privacy_number_sql(
                alias,
                Domain("phone_sanitized_blacklisted", "=", True)
                | Domain("phone_sanitized", "in", list(held)),
            ),
        }

    @api.model
    def _privacy_number_sql(self, alias, domain):
        """:param Domain domain: about the number, which may be encrypted
        :return: SQL of whether it holds"""
        # superuser: whoever counts people need not read the blacklist
        model = self.sudo()
        query = Query(self.env, alias, SQL.identifier(self._table))
        return domain.optimize_full(model)._to_sql(model, alias, query)

    @api.model
    def _privacy_identifying(self, channel):
        """People are known by their numbers, too."""
        columns = super()._privacy_identifying(channel)
        field = self._fields.get("phone_sanitized")
        if channel != "sms" or not field:
            return columns
        number = SQL.identifier("subject", field.name)
        if isinstance(field, EncryptedField):
            number = blind_index_sql(number)
        return {**columns, "number": number}

    @api.model
    def _privacy_refuses_sql(self, alias, channel):
        if channel != "sms":
            return super()._privacy_refuses_sql(alias, channel)
        refusals = self._privacy_channel_refusals_by_sql(alias, "covers_sms")
        return self._privacy_any_sql(refusals)
