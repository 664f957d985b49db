from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import addresses


class ConsentSubjectMixin(models.AbstractModel):
    """A field may hold several addresses: the first one identifies the person, and mail
    goes to each. What the person refuses holds for all of them."""

    _inherit = "consent.subject.mixin"

    # canonical ones, besides the one that identifies the person
    privacy_other_addresses = fields.Json(
        "Other e-mail addresses",
        compute="_compute_privacy_other_addresses",
        store=True,
        prefetch=False,
        groups=fields.NO_ACCESS,
    )

    # each mail looks for people by their addresses; few have several
    _privacy_other_addresses_idx = models.Index(
        "USING gin (privacy_other_addresses) WHERE privacy_other_addresses IS NOT NULL"
    )

    @api.depends(lambda self: [] if self._abstract else [self._primary_email])
    def _compute_privacy_other_addresses(self):
        for subject in self:
            others = addresses.find(subject[self._primary_email])[1:]
            subject.privacy_other_addresses = others or False

    def _privacy_addresses(self):
        """:return: {id: all addresses of the person, canonical, the one first that
        identifies them}"""
        # superuser: an address the user may not read still reaches the person
        people = self.sudo()
        people.fetch([self._primary_email])
        return {
            person.id: addresses.find(person[self._primary_email]) for person in people
        }

    @api.model
    def _privacy_addresses_sql(self, alias):
        """:return: SQL select of the addresses of a record; of one without, NULL"""
        return SQL(
            "SELECT %s UNION ALL SELECT jsonb_array_elements_text(%s)",
            SQL.identifier(alias, self._consent_email_field),
            SQL.identifier(alias, "privacy_other_addresses"),
        )

    @api.model
    def _privacy_has_address_sql(self, alias, wanted):
        """:param wanted: canonical addresses
        :return: SQL of whether a record has one of them"""
        return SQL(
            "(%s = ANY(%s::text[]) OR %s ?| %s::text[])",
            SQL.identifier(alias, self._consent_email_field),
            list(wanted),
            SQL.identifier(alias, "privacy_other_addresses"),
            list(wanted),
        )
