from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Which automation rule has been there last.
UNLOCKED = frozenset({"date_automation_last"})


class CrmLead(models.Model):
    """A lead or opportunity is about a person, as long as no contact is."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "consent.subject.mixin"]

    privacy_contact_id = fields.Many2one(
        "res.partner",
        "Asked as the contact",
        compute="_compute_privacy_contact_id",
        help="Consents of this person are kept with the contact.",
    )

    @api.depends("partner_id", "email_normalized")
    def _compute_privacy_contact_id(self):
        contacts = self._privacy_contacts()
        for lead in self:
            contact = contacts.get(lead._origin.id, self.env["res.partner"])
            lead.privacy_contact_id = contact._filtered_access("read")

    def _privacy_contacts(self):
        """:return: {lead id: the contact who is the same person}, one query"""
        self.env["res.partner"].flush_model()
        self.flush_recordset(["partner_id", "email_normalized"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lead.id, contact.id
                  FROM crm_lead lead CROSS JOIN LATERAL (%s) AS contact
                 WHERE lead.id = ANY(%s)
                """,
                self._privacy_contact_sql("lead"),
                self.ids,
            )
        )
        contacts = self.env["res.partner"]
        return {lead_id: contacts.browse(contact_id) for lead_id, contact_id in rows}

    @api.model
    def _privacy_contact_sql(self, alias):
        """:return: SQL select of the id of the contact who is the person of a lead: its
        customer, or who has its address, if that is a person and no company"""
        return SQL(
            """
            (SELECT contact.id FROM res_partner contact
              WHERE contact.id = %(partner)s AND contact.is_company IS NOT TRUE)
             UNION ALL
            (SELECT contact.id FROM res_partner contact
              WHERE contact.email_normalized = %(address)s
                AND contact.is_company IS NOT TRUE
                AND (contact.parent_id IS NULL OR contact.type = 'contact')
                AND contact.privacy_status <> 'duplicate'
           ORDER BY contact.id)
              LIMIT 1
            """,
            partner=SQL.identifier(alias, "partner_id"),
            address=SQL.identifier(alias, "email_normalized"),
        )

    @api.model
    def _privacy_unlinked_domain(self):
        """:return: Domain of the leads whose person is no contact"""

        def to_sql(model, alias, _query):
            return SQL("NOT EXISTS (%s)", model._privacy_contact_sql(alias))

        return Domain.custom(to_sql=to_sql)

    # ------------------------------------------------------------------
    # As a subject
    # ------------------------------------------------------------------

    @api.model
    def _consent_domain(self):
        """Who is a contact is asked as such, and once."""
        return super()._consent_domain() & self._privacy_unlinked_domain()

    @api.model
    def _duplicate_domain(self):
        """What is won or lost is history, and several opportunities of a customer are
        not the same."""
        pending = Domain(
            [
                ("active", "=", True),
                ("won_status", "=", "pending"),
                ("partner_id", "=", False),
            ]
        )
        return super()._duplicate_domain() & pending & self._privacy_unlinked_domain()

    @api.model
    def _asking_obstacles(self, alias):
        """Of several leads of a company, one asks for all: the page shows them once."""
        obstacles = super()._asking_obstacles(alias)
        obstacles["duplicate"] = SQL(
            """(%(own)s OR EXISTS (
                   SELECT FROM crm_lead later
                    WHERE later.email_normalized = %(address)s AND later.id > %(id)s
                      AND later.active AND later.privacy_status = 'active'))""",
            own=obstacles["duplicate"],
            address=SQL.identifier(alias, "email_normalized"),
            id=SQL.identifier(alias, "id"),
        )
        return obstacles

    @api.model
    def _privacy_unlocked_names(self):
        return super()._privacy_unlocked_names() | UNLOCKED

    @api.model
    def _asking_lang_sql(self, alias):
        return SQL(
            "(SELECT lang.code FROM res_lang lang WHERE lang.id = %s)",
            SQL.identifier(alias, "lang_id"),
        )

    def _privacy_own_lang(self):
        return self.lang_id.code
