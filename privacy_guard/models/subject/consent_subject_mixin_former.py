import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.text_array import text_array

# what is known of an address that replaced another one
PROOF = ("proven_email", "privacy_former_addresses", "address_unproven_until")


class ConsentSubjectMixin(models.AbstractModel):
    """The addresses at which a person was asked or has answered stay theirs, however
    many they are, until another one is proven: their no holds there, and nobody else
    gets them (IDN-5)."""

    _inherit = "consent.subject.mixin"

    # canonical ones, besides: of who was merged into this record, and its own then
    privacy_former_addresses = fields.Json(
        "Further former e-mail addresses",
        copy=False,
        readonly=True,
        prefetch=False,
        groups=fields.NO_ACCESS,
    )
    _privacy_former_addresses_idx = models.Index(
        "USING gin (privacy_former_addresses)"
        " WHERE privacy_former_addresses IS NOT NULL"
    )

    # ------------------------------------------------------------------
    # Looking up
    # ------------------------------------------------------------------

    @api.model
    def _privacy_former_domain(self, addresses):
        """:param addresses: canonical ones
        :return: Domain of the records whose person had one of them, which still is
            theirs"""

        def held(model, alias, _query):
            return model._privacy_has_former_sql(alias, addresses)

        return Domain.custom(to_sql=held)

    @api.model
    def _privacy_has_former_sql(self, alias, wanted):
        """:param wanted: canonical addresses, or the ``text_array()`` of them
        :return: SQL of whether one of them was the person's and still is"""
        return SQL(
            """
            ((%(former)s = ANY(%(wanted)s::text[]) OR %(formers)s ?| %(wanted)s::text[])
             AND %(is_held)s)
            """,
            former=SQL.identifier(alias, "proven_email"),
            formers=SQL.identifier(alias, "privacy_former_addresses"),
            is_held=self._privacy_holds_former_sql(alias),
            wanted=text_array(wanted),
        )

    @api.model
    def _privacy_holds_former_sql(self, alias):
        """:return: SQL of whether the former addresses still are the person's: until
        another one is proven, whoever took them off"""
        return SQL(
            "(%s IS NULL OR %s)",
            SQL.identifier(alias, self._consent_email_field),
            self._privacy_unproven_sql(alias),
        )

    def _privacy_held_formers(self):
        """:return: {id: list of the former addresses, the last proven one first, of
        those whose they still are}"""
        # superuser: no group may read it, and it binds
        known = self.sudo().filtered("proven_email")
        proven = known._privacy_proven()
        return {
            subject.id: subject._privacy_former_list()
            for subject in known
            if not subject[subject._consent_email_field] or subject not in proven
        }

    def _privacy_former_list(self):
        """:return: list of what one record holds, as superuser, of former addresses"""
        return [
            *filter(None, [self.proven_email]),
            *(self.privacy_former_addresses or ()),
        ]

    # ------------------------------------------------------------------
    # Keeping
    # ------------------------------------------------------------------

    def _privacy_doubt_address_of(self, formers):
        """Somebody is merged into this one who had said something at other addresses.

        :param list formers: those addresses
        """
        # superuser: the proof is not the user's to read, nor the mail theirs to send
        subject, now = self.sudo(), fields.Datetime.now()
        address = subject[self._consent_email_field]
        until = now + timedelta(days=self._privacy_proof_days())
        if not self._privacy_proven():
            until = subject.address_unproven_until
        # what was said here binds at the own one as well
        own = subject._privacy_bound_addresses("", now)
        if not own and address and self._privacy_answered():
            own = [address]
        formers = list(dict.fromkeys(own + formers))
        # the mail goes to another one
        formers.sort(key=lambda former: former == address)
        self._privacy_set_proof([(self.id, formers, until if address else None)])
        if address:
            self._privacy_log_proof("changed")
            subject._privacy_notify_former_address()

    def _privacy_bound_addresses(self, before, now):
        """:param str before: the address that one record had, or ""
        :return: list of the addresses that are the person's for certain, the last
            proven one first"""
        until = self.address_unproven_until
        if self.proven_email and (not until or until > now):
            return self._privacy_former_list()
        return [before] if before else []

    def _privacy_set_proof(self, rows):
        """:param list rows: (id, former addresses, the last proven first, until when
        the present one is unproven); [] and None where it is proven"""
        if not rows:
            return
        ids, formers, untils = map(list, zip(*rows, strict=True))
        self.env.execute_query(
            SQL(
                """
                UPDATE %(table)s subject
                   SET proven_email = proof.former,
                       address_unproven_until = proof.until,
                       privacy_former_addresses = proof.others::jsonb
                  FROM unnest(%(ids)s::int[], %(formers)s::varchar[],
                              %(others)s::text[], %(untils)s::timestamp[])
                       AS proof (id, former, others, until)
                 WHERE proof.id = subject.id
             RETURNING subject.id
                """,
                table=SQL.identifier(self._table),
                ids=ids,
                formers=[known[0] if known else None for known in formers],
                others=[
                    json.dumps(known[1:]) if known[1:] else None for known in formers
                ],
                untils=untils,
            )
        )
        self.browse(ids).invalidate_recordset(
            [*PROOF, "is_address_unproven"], flush=False
        )
