from odoo import models
from odoo.fields import Domain

from ... import emptying, left_out
from .privacy_gate_emptying import UNWANTED


class ConsentSubjectMixin(models.AbstractModel):
    """What somebody refused, or is withheld of them, does not come back with another
    record of theirs; and what is there nevertheless can be emptied (ASK-2)."""

    _inherit = "consent.subject.mixin"

    def _privacy_leave_out_refused(self, reasons=UNWANTED):
        """Empty what new records bring along, in the transaction that stores them.

        :param set reasons: values of consents that keep a field empty; not those that
            merely withhold its value, of records that were there before
        """
        unwanted = self._privacy_unwanted_values(reasons)
        for name, subjects in unwanted.items():
            subjects._privacy_clear_field(name)
            left_out.note(dict.fromkeys(subjects, {name: "refused"}))

    def _privacy_unwanted_values(self, reasons):
        """:return: {field name: those of these subjects with a value in it that they
        may not have}"""
        # superuser: the answer binds whoever stores the value
        people = self.sudo()
        names = self.env["consent.purpose"]._guarded_fields(self._name)
        filled = {name: people.filtered(name) for name in names}
        if not any(filled.values()):
            return {}
        own = self.env["privacy.gate"]._unwanted_fields(self, reasons)
        addresses = self._privacy_addresses()
        wanted = set().union(*addresses.values())
        at_address = self._privacy_unwanted_at_addresses(wanted, reasons)
        return {
            name: unwanted
            for name, subjects in filled.items()
            if (
                unwanted := subjects.filtered(
                    lambda subject, name=name: (
                        name in own.get(subject.id, ())
                        or any(
                            name in at_address.get(address, ())
                            for address in addresses[subject.id]
                        )
                    )
                )
            )
        }

    def _privacy_unwanted_at_addresses(self, addresses, reasons):
        """:return: {address: names of the fields of which other records of its person,
        of any kind, may have no value}"""
        found, new = {}, set(self._privacy_identities().values())

        def has_address(model, alias, _query):
            return model._privacy_has_address_sql(alias, addresses)

        for name in self.env["consent.record"]._subject_models() if addresses else ():
            # superuser: as above
            model = self.env[name].sudo().with_context(active_test=False)
            others = model.search(Domain.custom(to_sql=has_address))
            if name == self._name:
                others -= self
            unwanted = self.env["privacy.gate"]._unwanted_fields(others, reasons)
            refusing = others.filtered(lambda other, found=unwanted: other.id in found)
            for id_, own in refusing._privacy_own_addresses(new).items():
                for address in own:
                    found.setdefault(address, set()).update(unwanted[id_])
        return found

    def _privacy_forget_tracked(self, emptied):
        """What was emptied for good is not kept as a former value.

        :param dict emptied: {field name: subjects}
        """
        for name, subjects in emptied.items():
            emptying.forget_noted(subjects, name)
            emptying.erase_tracked(subjects, name)
