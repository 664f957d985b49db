from odoo import fields, models

STATUSES = [
    ("active", "Active"),
    ("duplicate", "Duplicate"),
    ("stopped", "Processing stopped"),
    ("erased", "Erased"),
]


class ConsentSubjectMixin(models.AbstractModel):
    """A person whose data we keep (GDPR: data subject)."""

    _name = "consent.subject.mixin"
    _description = "Person whose data we keep"

    privacy_status = fields.Selection(
        STATUSES, "Contact Status", default="active", required=True, copy=False, readonly=True,
        groups="base.group_user",
    )
    consent_requested_at = fields.Datetime(
        "Last consent request", copy=False, readonly=True, groups="base.group_user"
    )
    # Part of every personal link: raising it voids all links sent before.
    preferences_version = fields.Integer(
        default=0, copy=False, readonly=True, groups=fields.NO_ACCESS
    )
    consent_ids = fields.One2many(
        "consent.record", "res_id", "Consents",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True, copy=False, groups="base.group_user",
    )
