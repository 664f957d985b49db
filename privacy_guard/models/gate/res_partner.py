from odoo import models

# what says whether it is a contact or an address of one
PLACING = frozenset({"type", "parent_id"})


class ResPartner(models.Model):
    """What Odoo keeps alike in a company and its contacts, and what belongs to a
    person: neither carries on what is locked (ASK-2)."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # What is locked of a contact, above all when it was emptied, is that contact's
    # alone: whatever is copied from one contact to another leaves it out.
    # ------------------------------------------------------------------

    def _convert_fields_to_values(self, field_names):
        """All that Odoo copies up, down, or to a new company comes by here. Of an
        address all is copied or nothing: half of it is another one, and what it lacks
        would be emptied where it goes next."""
        own = self._privacy_own_names(field_names)
        address = self._address_fields()
        removed = self.env["privacy.gate"]._removed_fields(self._name)
        if not (own - removed).isdisjoint(address):
            own = own.union(address)
        return super()._convert_fields_to_values(
            [name for name in field_names if name not in own]
        )

    def _children_sync(self, values):
        """What was written passes on as it was written."""
        # most have nobody below them, whom core has nothing to hand on to either
        if self.child_ids and (own := self._privacy_own_names(values)):
            values = {name: value for name, value in values.items() if name not in own}
        return super()._children_sync(values)

    def _create_contact_parent_company(self):
        """The tax number is copied apart from the address."""
        company = super()._create_contact_parent_company()
        if company and self._privacy_own_names(["vat"]):
            company.vat = False
        return company

    def _privacy_own_names(self, names):
        """:return: which of these fields of one contact are not to be copied to
        others"""
        gate = self.env["privacy.gate"]
        removed = gate._removed_fields(self._name)
        guarded = self.env["consent.purpose"]._guarded_fields(self._name)
        contact = self._origin
        if (guarded.isdisjoint(names) and removed.isdisjoint(names)) or not contact:
            return frozenset()
        return removed.union(gate._locked_fields(contact).get(contact.id, ()))

    # ------------------------------------------------------------------
    # What belongs to a person
    # ------------------------------------------------------------------

    def _privacy_persons_above(self):
        """Addresses of a person, and contacts below one, are the person's, whatever
        somebody calls them; what belongs to a company is not looked at.

        :return: {id: the natural persons above it, the nearest first}, without what
            belongs to nobody
        """
        found = {}
        # superuser: whose it is does not depend on who may see them
        for partner in self.sudo():
            if not (above := partner.parent_id):
                continue  # as most
            persons = partner.browse()
            while above and not above.is_company and above not in persons:
                persons += above
                above = above.parent_id
            if persons:
                found[partner.id] = persons
        return found

    def _privacy_person_of_places(self):
        """:return: {id: the person whose delivery, invoice or other address it is}"""
        return {
            partner_id: next((p for p in persons if p.type == "contact"), persons[-1:])
            for partner_id, persons in self._privacy_persons_above().items()
            if self.browse(partner_id).sudo().type != "contact"
        }

    def _privacy_identities(self):
        places = self._privacy_person_of_places()
        persons = {id_: (self._name, person.id) for id_, person in places.items()}
        return {**super()._privacy_identities(), **persons}

    def _privacy_before_write(self, vals):
        before = super()._privacy_before_write(vals)
        if PLACING & vals.keys() and self.env["privacy.gate"]._is_enabled():
            # superuser: what it is does not depend on who writes
            contacts = self.sudo()
            contacts = contacts.filtered_domain(contacts._privacy_identity_domain())
            before["places"] = self - contacts.with_env(self.env)
        return before

    def _privacy_after_write(self, vals, before):
        """Nothing is put below somebody who has stopped processing, and what a person
        refused is not kept with what becomes theirs. An address of somebody has an
        e-mail address that others may have (DUP-3); a contact of its own has not."""
        if vals.get("parent_id") and self.env["privacy.gate"]._is_enabled():
            self.env["privacy.gate"]._check_placed(self)
            self._privacy_leave_out_refused({"refused"})
        result = super()._privacy_after_write(vals, before)
        if places := before.get("places"):
            places._privacy_check_address_unused()
        return result
