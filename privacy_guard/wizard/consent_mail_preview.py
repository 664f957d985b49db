from lxml import html
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from ..access import check_decides_for_all, check_officer
from ..models.asking.consent_campaign import REQUEST


class ConsentMailPreview(models.TransientModel):
    """A mail that would leave if people were asked now, as they would get it."""

    _name = "consent.mail.preview"
    _description = "Mail that would be sent"
    _rec_name = "subject"
    _order = "people desc, id"

    language = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    consents = fields.Char(readonly=True)
    untranslated = fields.Char("Text missing", readonly=True)
    people = fields.Integer("People who get it", readonly=True)
    sender = fields.Char("From", readonly=True)
    reply_to = fields.Char("Reply to", readonly=True)
    subject = fields.Char(readonly=True)
    # as it would leave: cleaned, it would be another mail
    body = fields.Html(readonly=True, sanitize=False)

    @api.model
    def _open(self):
        """Render what asking everybody would send now, and nothing else.

        :return: action that shows the mails
        :raise AccessError: for anybody but an officer who is in all companies
        :raise UserError: nothing is published that people can be asked for
        """
        check_officer(self.env, self.env._("Only a privacy officer asks everybody."))
        check_decides_for_all(self.env)
        mails = self.env["consent.asking"]._preview(REQUEST)
        if not mails:
            raise UserError(
                self.env._("Nobody can be asked yet: publish a consent first.")
            )
        # superuser: the officer's right was checked, and they are the officer's own
        previews = self.sudo().create([self._values(*mail) for mail in mails])
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "privacy_guard.consent_mail_preview_action"
        )
        return {**action, "domain": [("id", "in", previews.ids)]}

    @api.model
    def _values(self, row, mail):
        purposes = self.env["consent.purpose"].sudo().browse(row["purpose_ids"])
        languages = dict(self.env["res.lang"].get_installed())
        untranslated = purposes._without_text_in(row["lang"]).mapped("name")
        return {
            "language": languages[row["lang"]],
            "company_id": row["company_id"],
            "consents": format_list(self.env, purposes.mapped("name")),
            "untranslated": format_list(self.env, untranslated),
            "people": row["people"],
            "sender": mail.sender,
            "reply_to": mail.reply_to,
            "subject": mail.subject,
            "body": self._without_links(mail.body),
        }

    @api.model
    def _without_links(self, body):
        """:return: HTML in which no link leads anywhere"""
        document = html.document_fromstring(str(body))
        for link in document.xpath("//a[@href]"):
            del link.attrib["href"]
        return html.tostring(document, encoding="unicode")
