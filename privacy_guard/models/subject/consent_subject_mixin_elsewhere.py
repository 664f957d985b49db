from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...fields.masked import masking_everyone, value_behind


class ConsentSubjectMixin(models.AbstractModel):
    """What is kept of the same person elsewhere, and who reaches it (ROL-2).

    What the person asks for by a proof of their own, a link or a code, reaches all of
    it. What an officer does reaches the companies that they are allowed in, and no
    others: whoever may edit records may type anybody's address into one of their own.
    """

    _inherit = "consent.subject.mixin"

    def _privacy_elsewhere(self, officer, *, by_address=True):
        """:param officer: the user who does it; none when the person does
        :param bool by_address: whether the people have proven their addresses, by a
            link or a code; a login proves none (IDN-4)
        :return: list of recordsets, one per other model, of what is kept there about
            the same people, who are known by their address, as far as it is reached
        """
        everywhere = self._privacy_same_people(by_address=by_address)
        reached = [records._privacy_reached_by(officer) for records in everywhere]
        return [records for records in reached if records]

    def _privacy_out_of_reach(self, officer):
        """:return: as :meth:`_privacy_elsewhere`, what is not reached"""
        everywhere = self._privacy_same_people()
        missed = [
            records - records._privacy_reached_by(officer) for records in everywhere
        ]
        return [records for records in missed if records]

    def _privacy_same_people(self, *, by_address=True):
        """:return: list of recordsets, one per other model, of what is kept there about
        the same people"""
        # superuser: all of a person goes, whoever may see it
        proven = self._privacy_proven() if by_address else self.browse()
        addresses = list(set().union(*proven._privacy_own_addresses().values()))
        found = []
        for name in self.env["consent.record"]._subject_models():
            model = self.env[name].sudo().with_context(active_test=False)
            if name != self._name:
                records = model.search(
                    model._privacy_same_person_domain(self, addresses)
                )
                found.append(records.with_env(self.env))
        return found

    @api.model
    def _privacy_same_person_domain(self, people, addresses):
        """:param people: subjects of another model
        :param list addresses: theirs
        :return: Domain of the records of this model that are about them"""

        def proven(model, alias, _query):
            return SQL("NOT %s", model._privacy_unproven_sql(alias))

        present = Domain(self._consent_email_field, "in", addresses)
        identified = present & Domain.custom(to_sql=proven)
        identified |= self._privacy_former_domain(addresses)
        return identified & Domain("privacy_status", "!=", "erased")

    def _privacy_reached_by(self, officer):
        """As the record rules of companies do, but as far as
        ``_privacy_reached_companies()`` of the user.

        :param officer: the user who does something; none when the person does
        :return: those of these records that it reaches
        """
        allowed = officer._privacy_reached_companies()
        if allowed is None or "company_id" not in self._fields:
            return self
        # superuser: the company of what the officer may not read
        return (
            self.sudo()
            .filtered(lambda s: not s.company_id or s.company_id.id in allowed)
            .with_env(self.env)
        )

    @api.model
    def _privacy_held_out_of_reach(self, kind, values, officer):
        """:param str kind: "email" or "phone"
        :param set values: as :meth:`_privacy_who_has` takes them
        :return: set of those by which somebody is known who is not reached: what is
            found by them alone may be theirs"""
        held = set()
        for name in self.env["consent.record"]._subject_models() if values else ():
            # superuser: as above
            model = self.env[name].sudo().with_context(active_test=False)
            had = model._privacy_who_has(kind, values)
            people = model.browse(had)
            missed = people - people._privacy_reached_by(officer)
            held.update(*(had[id_] for id_ in missed.ids))
        return held

    @api.model
    def _privacy_who_has(self, kind, values):
        """:param str kind: "email" or "phone"
        :param set values: canonical addresses, or numbers as lists hold them
        :return: {id: those of them that somebody has who is not erased}"""

        def has_address(model, alias, _query):
            return model._privacy_has_address_sql(alias, values)

        # superuser: a number is somebody's whoever may see the record
        people = self.sudo().with_context(active_test=False)
        alive = Domain("privacy_status", "!=", "erased")
        if kind == "email":
            found = people.search(alive & Domain.custom(to_sql=has_address))
            known = found._privacy_addresses()
            return {id_: values.intersection(some) for id_, some in known.items()}
        if "phone_sanitized" not in self._fields:
            return {}
        with masking_everyone(self.env, False):
            found = people.search_fetch(
                alive & Domain("phone_sanitized", "in", list(values)),
                ["phone_sanitized"],
            )
            return {
                person.id: {str(value_behind(person.phone_sanitized))}
                for person in found
            }
