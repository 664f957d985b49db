from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...constants import STATUSES

# Why something is locked that tells what a person was asked or answered.
ANSWER_REASONS = frozenset({"applicable", "waiting", "refused"})


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
    def _hiding_answers(self, records):
        """The hook for records that are locked by what somebody answered elsewhere.

        :return: set of the ids of those of which the user may not know the answer
        """
        return set()

    @api.model
    def _shown_reason(self, reason, is_hidden):
        """:return: the reason, or that there is one, where the user may not know it"""
        return "hidden" if is_hidden and reason in ANSWER_REASONS else reason

    @api.model
    def _refusal_message(self, records, refused):
        """:return: one sentence per refused contact, the first ten"""
        hiding = self._hiding_answers(records)
        lines = []
        for record, reasons in list(refused.items())[:10]:
            for name, reason in reasons.items():
                label = record._fields[name]._description_string(self.env)
                lines.append(
                    self.env._(
                        "%(field)s of %(contact)s is locked: %(reason)s",
                        field=label,
                        contact=record.display_name,
                        reason=self._reason_label(
                            self._shown_reason(reason, record.id in hiding)
                        ),
                    )
                )
        return "\n".join(lines)

    @api.model
    def _reason_label(self, reason):
        """:return: why something is locked, in the user's language"""
        labels = {
            "applicable": self.env._("the person has not been asked for consent yet."),
            "waiting": self.env._("the person was asked and has not answered yet."),
            "refused": self.env._("the person has not given consent."),
            "hidden": self.env._("there is no consent to keep it."),
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
            "removed": self.env._(
                "the field was removed from all contacts. A privacy officer can bring "
                "it back."
            ),
        }
        return labels.get(reason) or dict(STATUSES).get(reason, reason)
