from odoo import fields, models
from odoo.tools import SQL


class ConsentSubjectMixin(models.AbstractModel):
    """A yes belongs to the address that has proved it (IDN-3): whoever types their own
    into the record of somebody never asked, answers there and puts the first one back
    has said nothing for who reads that."""

    _inherit = "consent.subject.mixin"

    # keyed hashes, as of events: which address comes back is all that is asked
    privacy_replaced_addresses = fields.Json(
        "Replaced e-mail addresses",
        copy=False,
        readonly=True,
        prefetch=False,
        groups=fields.NO_ACCESS,
    )

    def _privacy_revoke_links(self, replaced=None):
        """Void every personal link sent to these subjects so far.

        :param dict replaced: {id: address that was replaced, or ""}, to be remembered
        """
        make_hash, replaced = self.env["consent.event"]._address_hash, replaced or {}
        addresses = [replaced.get(id_) for id_ in self.ids]
        self.env.execute_query(
            SQL(
                """
                UPDATE %(table)s subject
                   SET preferences_version = COALESCE(preferences_version, 0) + 1,
                       privacy_replaced_addresses = CASE
                       WHEN replaced.digest IS NULL
                         OR privacy_replaced_addresses ? replaced.digest
                       THEN privacy_replaced_addresses
                       ELSE COALESCE(privacy_replaced_addresses, '[]'::jsonb)
                            || to_jsonb(replaced.digest) END
                  FROM unnest(%(ids)s::int[], %(digests)s::text[])
                       AS replaced (id, digest)
                 WHERE replaced.id = subject.id RETURNING subject.id
                """,
                table=SQL.identifier(self._table),
                ids=self.ids,
                digests=[make_hash(one) if one else None for one in addresses],
            )
        )
        names = ["preferences_version", "privacy_replaced_addresses"]
        self.invalidate_recordset(names, flush=False)

    def _privacy_ask_again_where_returned(self):
        """The address of some of these people is one that they had before: who has said
        yes at another one meanwhile is asked again."""
        digests = self._consent_address_hashes()
        # superuser: no group may read what was replaced
        returned = self.sudo().filtered(
            lambda s: digests.get(s.id) in (s.privacy_replaced_addresses or ())
        )
        if not returned:
            return
        changes = SQL(
            """
            SELECT consent.purpose_id, consent.res_model, consent.res_id,
                   'reset' AS kind,
                   CASE WHEN consent.value = 'granted' THEN 'applicable'
                        ELSE consent.value END AS value,
                   NULL::int AS notice_id, NULL::int AS merged_res_id
              FROM unnest(%(ids)s::int[], %(digests)s::text[]) AS present (id, digest)
              JOIN consent_record consent
                ON consent.res_model = %(model)s AND consent.res_id = present.id
        CROSS JOIN LATERAL (
                   SELECT event.address_hash FROM consent_event event
                    WHERE event.res_model = consent.res_model
                      AND event.res_id = consent.res_id
                      AND event.purpose_id = consent.purpose_id
                      AND event.kind IN ('answer', 'merge')
                 ORDER BY event.sequence DESC LIMIT 1) AS said
             WHERE consent.answer = 'granted' AND said.address_hash <> present.digest
            """,
            model=self._name,
            ids=returned.ids,
            digests=[digests[id_] for id_ in returned.ids],
        )
        self.env["consent.record"]._apply_changes(changes, **self._privacy_who_links())
