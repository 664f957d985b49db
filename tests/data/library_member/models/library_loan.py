from odoo import api, fields, models

from odoo.addons.privacy_guard.extending import MARKETING, mandatory


class LibraryLoan(models.Model):
    _name = "library.loan"
    _description = "Loan of a book"

    member_id = fields.Many2one("library.member", required=True, index=True)
    book = fields.Char(required=True)
    note = fields.Text()
    returned = fields.Boolean()

    @api.model_create_multi
    def create(self, vals_list):
        loans = super().create(vals_list)
        loans.member_id._privacy_renew_relationships()
        return loans

    def action_recall(self):
        """Members are owed that, whatever they have stopped: the book is the library's
        (GDPR Art. 18(2))."""
        owed = mandatory(self, self.member_id.mapped("email"))
        return owed._send_mail(self.env._("Please bring it back"))

    def action_recommend(self):
        """What others read is marketing: it needs consent."""
        marketing = self.with_context(**{MARKETING: True})
        return marketing._send_mail(self.env._("You may like this, too"))

    def _members_to_message(self):
        """:return: the members whom the library's messenger may write to by itself"""
        members = self.member_id
        asked = {"automatic": set(members.mapped("email_normalized"))}
        refused = self.env["privacy.gate"]._channel_refusals(asked)
        return members.filtered(
            lambda member: ("automatic", member.email_normalized) not in refused
        )

    def _send_mail(self, subject):
        return self.env["mail.mail"].create(
            [
                {
                    "subject": subject,
                    "body_html": loan.book,
                    "email_to": loan.member_id.email,
                    "model": loan._name,
                    "res_id": loan.id,
                }
                for loan in self
            ]
        )
