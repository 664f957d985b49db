from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...constants import STATUSES


class PrivacyGate(models.AbstractModel):
    """What the gate says when it refuses: which field, of whom, and why."""

    _inherit = "privacy.gate"

    @api.model
    def _refuse(self, records, refused):
        """:raise UserError: always, or AccessError"""
        # who may not write the contact learns nothing about it
        records.check_access("write")
        raise UserError(self._refusal_message(records, refused))

    @api.model
    def _refuse_control_fields(self, records, names):
        """:raise AccessError: always"""
        labels = ", ".join(
            records._fields[name]._description_string(self.env) for name in names
        )
        raise AccessError(
            self.env._("%(fields)s cannot be written directly.", fields=labels)
        )

    @api.model
    def _refusal_message(self, records, refused):
        """:return: one sentence per refused contact, the first ten"""
        lines, untold = [], self._untold_reasons(records)
        for record, reasons in list(refused.items())[:10]:
            for name, reason in reasons.items():
                if name in untold.get(record.id, ()):
                    reason = "untold"
                label = record._fields[name]._description_string(self.env)
                lines.append(
                    self.env._(
                        "%(field)s of %(contact)s is locked: %(reason)s",
                        field=label,
                        contact=record.display_name,
                        reason=self._reason_label(reason),
                    )
                )
        return "\n".join(lines)

    @api.model
    def _untold_reasons(self, records):
        """The hook for locks that come from another record, which the user may not
        read: what they see of it is that there is a lock.

        :return: {record id: names of the fields}
        """
        return {}

    @api.model
    def _reason_label(self, reason):
        """:return: why something is locked, in the user's language"""
        labels = {
            "applicable": self.env._("the person has not been asked for consent yet."),
            "waiting": self.env._("the person was asked and has not answered yet."),
            "refused": self.env._("the person has not given consent."),
            "duplicate": self.env._(
                "the contact is a duplicate. A privacy officer can reopen it."
            ),
            "stopped": self.env._(
                "the person asked us to stop processing their data. A privacy officer "
                "can reopen the contact."
            ),
            "quarantined": self.env._(
                "its address or number is on the suppression list, because the "
                "personal data of somebody with it was erased. A privacy officer can "
                "reopen the contact."
            ),
            "erased": self.env._("the personal data of this contact was erased."),
            "untold": self.env._(
                "another record of the same person, which you may not read, decides it."
            ),
            "removed": self.env._(
                "the field was removed from all contacts. A privacy officer can bring "
                "it back."
            ),
        }
        return labels.get(reason) or dict(STATUSES).get(reason, reason)
