import logging

from odoo import api, models
from odoo.tools import SQL

from ...tools import keyring

_logger = logging.getLogger(__name__)


class PrivacyGate(models.AbstractModel):
    """Nor is an erased person written to where nothing is kept of them (ERA-2)."""

    _inherit = "privacy.gate"

    @api.model
    def _listed_selects(self, addresses, relevant):
        selects = super()._listed_selects(addresses, relevant)
        asked = addresses if "stopped" in relevant else ()
        by_digest = self._digests_to_refuse("email", {a: a for a in asked})
        if by_digest:
            selects.append(self._listed_sql(by_digest))
        return selects

    @api.model
    def _digests_to_refuse(self, kind, values):
        """:param str kind: "email" or "phone"
        :param dict values: {recipient: what the list has of it}
        :return: {hash: (recipient, whether it is about all companies)}; empty while the
            setting is only to note who comes back"""
        suppression = self.env["privacy.suppression"]
        if not values or not suppression._is_used() or suppression._policy() == "warn":
            return {}
        own, by_digest = self.env.company.ids, {}
        try:
            keys = suppression._keys().values()
        except keyring.KeyringError as error:
            _logger.error("The suppression list cannot be read: %s", error)
            return {}
        for recipient, value in values.items():
            everywhere = set(suppression._digests(keys, kind, value, ()))
            for digest in suppression._digests(keys, kind, value, own):
                by_digest[digest] = (recipient, digest in everywhere)
        return by_digest

    @api.model
    def _listed_sql(self, by_digest):
        """:return: SQL select of the addresses on the list that no record has: who was
        stored again is asked for what holds for the record"""
        self.env["privacy.suppression"].flush_model()
        return SQL(
            """
            SELECT NULL::int, asked.address, 'stopped', FALSE
              FROM unnest(%(digests)s::text[], %(addresses)s::text[], %(all)s::bool[])
                   AS asked (digest, address, everywhere)
              JOIN privacy_suppression listed ON listed.digest = asked.digest
             WHERE listed.released_on IS NULL AND NOT EXISTS (
                   SELECT FROM (%(known)s) AS known (address, company_id)
                    WHERE known.address = asked.address
                      AND (asked.everywhere OR known.company_id IS NULL
                           OR known.company_id = %(company)s))
            """,
            digests=list(by_digest),
            addresses=[address for address, _everywhere in by_digest.values()],
            all=[everywhere for _address, everywhere in by_digest.values()],
            known=SQL(" UNION ALL ").join(
                self._known_addresses_sql(name, {a for a, _all in by_digest.values()})
                for name in self.env["consent.record"]._subject_models()
            ),
            company=self.env.company.id,
        )

    @api.model
    def _known_addresses_sql(self, name, addresses):
        """:return: SQL select of the addresses of people of a model, and of the company
        that has them to itself"""
        model = self.env[name]
        model.flush_model()
        field = model._fields.get("company_id")
        return SQL(
            """
            SELECT own.address, %(company)s
              FROM %(table)s subject CROSS JOIN LATERAL (%(own)s) AS own (address)
             WHERE %(has_address)s AND subject.privacy_status <> 'erased'
            """,
            company=SQL("subject.company_id" if field and field.store else "NULL::int"),
            table=SQL.identifier(model._table),
            own=model._privacy_addresses_sql("subject"),
            has_address=model._privacy_has_address_sql("subject", addresses),
        )
