from odoo import api, models
from odoo.exceptions import UserError

# Who has one of these statuses gets nothing new, and keeps what there is.
BINDING = ("stopped", "erased")


class PrivacyGate(models.AbstractModel):
    """What belongs to a person is locked as the person is: addresses and contacts below
    them by their Contact Status, addresses by their data consents as well (ASK-2)."""

    _inherit = "privacy.gate"

    @api.model
    def _needs_no_check(self, records, vals):
        if not super()._needs_no_check(records, vals):
            return False
        if records._name != "res.partner" or not any(r.parent_id for r in records):
            return True  # as most
        return not self._bound(records)

    @api.model
    def _locked_fields(self, records):
        """An address has no fields that its person does not consent to."""
        locked = super()._locked_fields(records)
        if records._name != "res.partner" or not self._is_enabled():
            return locked
        places = records._privacy_person_of_places()
        people = records.browse({person.id for person in places.values()})
        of_people = super()._locked_fields(people)
        for id_, person in places.items():
            for name, value in of_people.get(person.id, {}).items():
                locked.setdefault(id_, {}).setdefault(name, value)
        return locked

    @api.model
    def _status_reasons(self, records):
        reasons = super()._status_reasons(records)
        bound = self._bound(records)
        people = records.browse({person.id for person in bound.values()})
        of_people = super()._status_reasons(people)
        inherited = {id_: of_people[person.id] for id_, person in bound.items()}
        return {**inherited, **reasons}

    @api.model
    def _stopped(self, records):
        stopped = super()._stopped(records)
        bound = self._bound(records)
        ids = {id_ for id_, p in bound.items() if p.privacy_status == "stopped"}
        return stopped | records.sudo().filtered(lambda record: record.id in ids)

    @api.model
    def _bound(self, records):
        """:return: {id: the person it belongs to, as superuser}, of what belongs to
        people who have stopped processing or were erased"""
        if records._name != "res.partner" or not self._is_enabled():
            return {}
        bound = {}
        for id_, persons in records._privacy_persons_above().items():
            if binding := persons.filtered(lambda p: p.privacy_status in BINDING):
                bound[id_] = binding[0]
        return bound

    @api.model
    def _check_placed(self, partners):
        """:raise UserError: when one of these was put below a person who gets nothing
        new"""
        bound = self._bound(partners)
        for partner in partners.filtered(lambda partner: partner.id in bound):
            person = bound[partner.id]
            raise UserError(
                self.env._(
                    "%(contact)s cannot be stored: it would belong to somebody of whom "
                    "this holds: %(reason)s",
                    contact=partner.display_name,
                    reason=self._reason_label(self._status_reasons(person)[person.id]),
                )
            )
