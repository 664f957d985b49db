from odoo import api, fields, models
from odoo.tools import SQL, ormcache

LEADS = "crm.lead"
# What decides whether the person of a lead is a contact.
LINKING = frozenset({"email_from", "partner_id"})


class ConsentPurpose(models.Model):
    """What the people of leads are asked."""

    _inherit = "consent.purpose"

    for_leads = fields.Boolean(
        "Ask leads as well",
        help="It applies to the people of leads who are no contacts yet. Their answer "
        "goes along when the lead becomes a contact.",
    )
    lead_condition = fields.Char(
        "Conditions on leads",
        default="[]",
        help="Leads it applies to; none means all of them.",
    )

    def _conditions(self):
        conditions = super()._conditions()
        if self.for_leads and not self.field_id:
            conditions[LEADS] = self.lead_condition
        return conditions

    @api.constrains("condition", "for_leads", "lead_condition")
    def _check_condition(self):
        return super()._check_condition()

    @api.constrains("active", "for_leads", "kind")
    def _check_limit(self):
        return super()._check_limit()

    @api.depends("for_leads", "lead_condition")
    def _compute_matched_count(self):
        return super()._compute_matched_count()

    def write(self, vals):
        result = super().write(vals)
        if "for_leads" in vals and not vals["for_leads"]:
            self._lapse_for_leads()
        return result

    def _lapse_for_leads(self):
        """It does not apply to leads any more; their answers are kept (T2)."""
        changes = SQL(
            """
            SELECT purpose_id, res_model, res_id, 'lapse' AS kind,
                   'not_applicable' AS value, NULL::int AS notice_id,
                   NULL::int AS merged_res_id
              FROM consent_record
             WHERE res_model = %s AND purpose_id = ANY(%s)
               AND value <> 'not_applicable'
            """,
            LEADS,
            self.ids,
        )
        self.env["consent.record"]._apply_changes(changes, source="system")

    @ormcache("model_name")
    def _trigger_fields(self, model_name):
        names = super()._trigger_fields(model_name)
        return names | LINKING if model_name == LEADS else names

    @ormcache("model_name")
    def _guarded_fields(self, model_name):
        """What a consent locks of a contact, it locks of the contact's leads."""
        names = super()._guarded_fields(model_name)
        return names | self._mirrored_fields() if model_name == LEADS else names

    def _mirrored_fields(self):
        """:return: names of guarded fields of contacts that leads have, too"""
        return self._guarded_fields("res.partner") & self.env[LEADS]._fields.keys()
