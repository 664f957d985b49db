from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import addresses
from ...tools.text_array import text_array


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

    def _privacy_own_addresses(self, besides=frozenset()):
        """What is done to a person reaches nobody whose address somebody has written
        beside theirs.

        :param besides: identities that are not others', such as of new records
        :return: as :meth:`_privacy_addresses`, without those that identify others
        """
        found = self._privacy_addresses()
        for id_, formers in self._privacy_held_formers().items():
            found[id_] += formers
        others = self._privacy_addresses_of_others(found, besides)
        return {
            id_: [address for address in known if address not in others[id_]]
            for id_, known in found.items()
        }

    def _privacy_addresses_of_others(self, candidates, besides=frozenset()):
        """A proven address that stands first is the person's. Any other one, such as
        the second of a field, or that of a delivery address, may be somebody else's.

        :param dict candidates: {id: canonical addresses that may be the person's}
        :param besides: identities that are not others'
        :return: {id: set of those that identify somebody else, not erased yet}
        """
        first = self._privacy_emails()
        proven = set(self._privacy_proven().ids)
        identities = self._privacy_identities()
        certain = {
            id_: first[id_] for id_ in proven if identities[id_] == (self._name, id_)
        }
        doubtful = {
            id_: {a for a in known if a != certain.get(id_)}
            for id_, known in candidates.items()
        }
        holders = self._privacy_holders(set().union(*doubtful.values()))
        return {
            id_: {
                a for a in known if holders.get(a, set()) - {identities[id_], *besides}
            }
            for id_, known in doubtful.items()
        }

    @api.model
    def _privacy_holders(self, addresses):
        """:param addresses: canonical ones
        :return: {address: identities of whom it identifies, in any model}"""
        found = {}
        for name in self.env["consent.record"]._subject_models() if addresses else ():
            # superuser: an address is somebody's whoever may see the record
            model = self.env[name].sudo().with_context(active_test=False)
            column = model._consent_email_field
            holders = model.search_fetch(
                model._privacy_identified_domain(addresses)
                & Domain("privacy_status", "!=", "erased"),
                [column],
            )
            identities = holders._privacy_identities()
            formers = holders._privacy_held_formers()
            for holder in holders:
                for address in (holder[column], *formers.get(holder.id, ())):
                    found.setdefault(address, set()).add(identities[holder.id])
        return found

    @api.model
    def _privacy_identified_domain(self, addresses):
        """:param addresses: canonical ones
        :return: Domain of the records that one of them identifies: as the first one of
            the field, or as one that still is the person's"""
        present = Domain(self._consent_email_field, "in", list(addresses))
        return present | self._privacy_former_domain(addresses)

    def _privacy_identities(self):
        """:return: {id: (model, id) of the record that stands for the person, where
        records say by themselves that they are about the same one}"""
        return {subject.id: (self._name, subject.id) for subject in self}

    @api.model
    def _privacy_addresses_sql(self, alias):
        """:return: SQL select of the addresses of a record; of one without, NULL"""
        return SQL(
            """
            SELECT %(first)s UNION ALL SELECT jsonb_array_elements_text(%(others)s)
             UNION ALL SELECT %(former)s WHERE %(former)s IS NOT NULL AND %(is_held)s
             UNION ALL SELECT jsonb_array_elements_text(%(formers)s) WHERE %(is_held)s
            """,
            first=SQL.identifier(alias, self._consent_email_field),
            others=SQL.identifier(alias, "privacy_other_addresses"),
            former=SQL.identifier(alias, "proven_email"),
            formers=SQL.identifier(alias, "privacy_former_addresses"),
            is_held=self._privacy_holds_former_sql(alias),
        )

    @api.model
    def _privacy_has_address_sql(self, alias, wanted):
        """:param wanted: canonical addresses, or the ``text_array()`` of them
        :return: SQL of whether a record has one of them"""
        wanted = text_array(wanted)
        return SQL(
            """
            (%(first)s = ANY(%(wanted)s::text[]) OR %(others)s ?| %(wanted)s::text[]
             OR %(has_former)s)
            """,
            first=SQL.identifier(alias, self._consent_email_field),
            others=SQL.identifier(alias, "privacy_other_addresses"),
            has_former=self._privacy_has_former_sql(alias, wanted),
            wanted=wanted,
        )
