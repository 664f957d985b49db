from odoo import api, models

# Of consent values that lock a field: in what these lock, no value is to be.
UNWANTED = frozenset({"waiting", "refused"})
# Why a field is locked that anybody may empty: no value is to be in it.
EMPTYING_PASSES = UNWANTED | {"removed"}


class PrivacyGate(models.AbstractModel):
    """The lock keeps values out, not in (ASK-2)."""

    _inherit = "privacy.gate"

    @api.model
    def _unwanted_fields(self, records, values):
        """:param set values: of consents
        :return: {record id: names of the fields that consents with these values lock}
        """
        return {
            id_: {name for name, value in locked.items() if value in values}
            for id_, locked in self._locked_fields(records).items()
        }

    @api.model
    def _refused_fields(self, records, vals):
        """Taking off what may not be there is not refused."""
        refused = super()._refused_fields(records, vals)
        remaining = {
            record: {
                name: reason
                for name, reason in reasons.items()
                if not self._only_empties(vals[name], reason)
            }
            for record, reasons in refused.items()
        }
        return {record: reasons for record, reasons in remaining.items() if reasons}

    @api.model
    def _only_empties(self, value, reason):
        """:return: whether a write takes off what may not be there"""
        return not value and reason in EMPTYING_PASSES

    @api.model
    def _emptied_fields(self, records, vals):
        """:return: {field name: the records of which a write empties what may not be
        there, as superuser}"""
        names = {name for name, value in vals.items() if not value}
        guarded = self.env["consent.purpose"]._guarded_fields(records._name)
        guarded |= self._removed_fields(records._name)
        if guarded.isdisjoint(names):
            return {}
        emptied = {}
        for record, reasons in self._lock_reasons(records, names & guarded).items():
            for name, reason in reasons.items():
                if self._only_empties(vals[name], reason) and record[name]:
                    emptied[name] = emptied.get(name, record.browse()) | record
        return emptied
