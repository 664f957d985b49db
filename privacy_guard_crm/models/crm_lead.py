from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# Which automation rule has been there last.
UNLOCKED = frozenset({"date_automation_last"})


class CrmLead(models.Model):
    """A lead or opportunity is about a person, as long as no contact is."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "consent.linked.mixin"]
    _consent_contact_field = "partner_id"

    @api.model
    def _privacy_duplicate_domain(self):
        """What is won or lost is history, and several opportunities of a customer are
        not the same."""
        pending = Domain(
            [
                ("active", "=", True),
                ("won_status", "=", "pending"),
                ("partner_id", "=", False),
            ]
        )
        return super()._privacy_duplicate_domain() & pending

    def unlink(self):
        """Before core takes the meetings from a lead that stays."""
        leads = self.env["privacy.gate"]._deletable(self)
        return super(CrmLead, leads).unlink()

    @api.model
    def _privacy_unlocked_names(self):
        return super()._privacy_unlocked_names() | UNLOCKED

    @api.model
    def _consent_lang_sql(self, alias):
        return SQL(
            "(SELECT lang.code FROM res_lang lang WHERE lang.id = %s)",
            SQL.identifier(alias, "lang_id"),
        )

    def _privacy_own_lang(self):
        return self.lang_id.code
