from odoo import api, fields, models


class LibraryMember(models.Model):
    """A person who may borrow books."""

    _name = "library.member"
    _description = "Library member"
    _inherit = ["mail.thread.blacklist", "consent.subject.mixin"]

    name = fields.Char(required=True)
    email = fields.Char()
    # each mail, and the preferences page, look for people by their address
    email_normalized = fields.Char(index="btree_not_null")
    phone = fields.Char()
    active = fields.Boolean(default=True)
    loan_ids = fields.One2many("library.loan", "member_id")
    reminder_count = fields.Integer("Reminders sent", readonly=True)

    @api.model
    def _privacy_identifying_names(self):
        return super()._privacy_identifying_names() | {"phone"}

    @api.model
    def _privacy_unlocked_names(self):
        return super()._privacy_unlocked_names() | {"reminder_count"}
