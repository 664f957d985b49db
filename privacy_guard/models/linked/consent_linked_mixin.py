from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ConsentLinkedMixin(models.AbstractModel):
    """A subject who may be a contact as well, such as the person of a lead.

    Who is a contact is linked to it: nothing is written, consents are kept with the
    contact, and the person is asked as the contact alone. Many records may have the
    same address.
    """

    _name = "consent.linked.mixin"
    _inherit = "consent.subject.mixin"
    _description = "Person who may be a contact as well"
    # the field that names the contact, in models that have one
    _consent_contact_field = None

    privacy_contact_id = fields.Many2one(
        "res.partner",
        "Asked as the contact",
        compute="_compute_privacy_contact_id",
        help="Consents of this person are kept with the contact.",
    )

    @api.model
    def _privacy_linked_models(self):
        """:return: names of the models of this kind, sorted"""
        registry = self.env.registry
        names = registry.descendants(["consent.linked.mixin"], "_inherit")
        return sorted(name for name in names if not registry[name]._abstract)

    @api.model
    def _privacy_linking_names(self):
        """:return: names of the fields that decide whether the person is a contact"""
        names = [self._consent_email_field, self._consent_contact_field]
        return list(filter(None, names))

    @api.depends(lambda self: self._privacy_linking_names())
    def _compute_privacy_contact_id(self):
        contacts = self._privacy_contacts()
        for subject in self:
            contact = contacts.get(subject._origin.id, self.env["res.partner"])
            subject.privacy_contact_id = contact._filtered_access("read")

    def _privacy_contacts(self):
        """:return: {id: the contact who is the same person}, one query"""
        if not self.ids:
            return {}
        self._privacy_flush_linking()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT subject.id, contact.id
                  FROM %s subject CROSS JOIN LATERAL (%s) AS contact
                 WHERE subject.id = ANY(%s)
                """,
                SQL.identifier(self._table),
                self._privacy_contact_sql("subject"),
                self.ids,
            )
        )
        contacts = self.env["res.partner"]
        return {id_: contacts.browse(contact_id) for id_, contact_id in rows}

    def _privacy_with_value_of_contact(self, name):
        """:return: those of these records, all of them linked, that have the same value
        in a field as the contact"""
        contacts = self._privacy_contacts()
        return self.filtered(
            lambda subject: (
                subject[name] == contacts[subject.id].with_env(self.env)[name]
            )
        )

    def _privacy_flush_linking(self):
        """Who is a contact is decided by SQL on both tables."""
        self.env["res.partner"].flush_model()
        self.flush_recordset(self._privacy_linking_names())

    @api.model
    def _privacy_contact_sql(self, alias):
        """:return: SQL select of the id of the contact who is the person of a record:
        whom it names, or who has its address, if that is a person and no company"""
        said_no = self.env["consent.record"]._refused_sql("res.partner", "contact")
        selects = [
            SQL(
                """
                (SELECT contact.id FROM res_partner contact
                  WHERE %s
                    AND (contact.is_company IS NOT TRUE
                         AND (contact.parent_id IS NULL OR contact.type = 'contact')
                         -- people, whatever somebody has made of them since
                         OR %s)
                    AND contact.privacy_status <> 'duplicate'
               ORDER BY contact.id)
                """,
                has_address,
                said_no,
            )
            for has_address in self._privacy_address_matches_sql(alias)
        ]
        if self._consent_contact_field:
            named = SQL(
                """
                (SELECT contact.id FROM res_partner contact
                  WHERE contact.id = %s AND (contact.is_company IS NOT TRUE OR %s))
                """,
                SQL.identifier(alias, self._consent_contact_field),
                said_no,
            )
            selects.insert(0, named)
        return SQL("%s LIMIT 1", SQL(" UNION ALL ").join(selects))

    @api.model
    def _privacy_address_matches_sql(self, alias):
        """:return: list of SQL of whether "contact" has an address of a record, the
        surest first: those that were theirs are until another one is proven"""
        contacts = self.env["res.partner"]
        contact_holds = contacts._privacy_holds_former_sql("contact")
        holds = self._privacy_holds_former_sql(alias)
        own = SQL.identifier(alias, self._consent_email_field)
        former = SQL.identifier(alias, "proven_email")
        formers = SQL.identifier(alias, "privacy_former_addresses")
        return [
            SQL("contact.email_normalized = %s", own),
            SQL("contact.proven_email = %s AND %s", own, contact_holds),
            SQL("contact.privacy_former_addresses ? %s AND %s", own, contact_holds),
            SQL("contact.email_normalized = %s AND %s", former, holds),
            SQL(
                """contact.email_normalized = ANY(ARRAY(
                       SELECT jsonb_array_elements_text(%s))) AND %s""",
                formers,
                holds,
            ),
        ]

    @api.model
    def _privacy_unlinked_domain(self):
        """:return: Domain of the records whose person is no contact"""

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
    def _consent_trigger_names(self):
        names = {self._primary_email, self._consent_contact_field} - {None}
        return super()._consent_trigger_names() | names

    @api.model
    def _privacy_address_names(self):
        """A record may take the address over from its contact."""
        return super()._privacy_address_names() | {self._consent_contact_field} - {None}

    @api.model
    def _privacy_duplicate_domain(self):
        return super()._privacy_duplicate_domain() & self._privacy_unlinked_domain()

    def _privacy_identities(self):
        """Who names a contact is that one, unless it is a company."""
        identities = super()._privacy_identities()
        if name := self._consent_contact_field:
            # superuser: who it is does not depend on who may read the contact
            subjects = self.sudo()
            people = subjects[name]._privacy_natural_persons()._privacy_identities()
            for subject in subjects:
                identity = people.get(subject[name].id)
                identities[subject.id] = identity or identities[subject.id]
        return identities

    def _privacy_check_address_unused(self):
        """DUP-3 is for contacts: what somebody writes to us, or asks on the website, is
        not turned away because they have done so before. The daily run marks all but
        one record of an address as duplicates."""

    @api.model
    def _privacy_same_person_domain(self, people, addresses):
        """Records that name a contact are about the contact, unless that is a
        company."""
        domain = super()._privacy_same_person_domain(people, addresses)
        if people._name != "res.partner" or not self._consent_contact_field:
            return domain
        # superuser: who may not read a contact may be about to erase its records
        persons = people.sudo()._privacy_natural_persons()
        return domain | (
            Domain(self._consent_contact_field, "in", persons.ids)
            & Domain("privacy_status", "!=", "erased")
        )
