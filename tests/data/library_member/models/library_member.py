from odoo import api, fields, models
from odoo.tools import SQL


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

    @api.model
    def _privacy_relationships_sql(self, within):
        """Who borrows a book has inquired about what the library has."""
        self.env["library.loan"].flush_model()
        borrowed = SQL(
            """
            SELECT member_id, 'inquiry', create_date, NULL::int, 'library.loan,' || id
              FROM library_loan WHERE member_id %s
            """,
            within,
        )
        return [*super()._privacy_relationships_sql(within), borrowed]
