from markupsafe import Markup
from odoo import models


class MailingSmsTest(models.TransientModel):
    """Tests go to users of the company, and to whom the mailing may go anyway."""

    _inherit = "mailing.sms.test"

    def action_send_sms(self):
        refused = self._privacy_refused()
        if not refused:
            return super().action_send_sms()
        self.mailing_id._message_log(body=self._privacy_note(refused))
        left = [line for line in self.numbers.splitlines() if line not in refused]
        if not any(line.strip() for line in left):
            return True
        self.numbers = "\n".join(left)
        return super().action_send_sms()

    def _privacy_refused(self):
        """:return: {line as it was typed: refusal reason}"""
        self.ensure_one()
        gate = self.env["privacy.gate"]
        numbers = {
            line: self.env.user._phone_format(number=line.strip())
            for line in self.numbers.splitlines()
        }
        asked = {number for number in numbers.values() if number}
        purpose = self.mailing_id._privacy_sms_purpose()
        refused = gate._mailing_refusals(purpose, asked)
        colleagues = self._privacy_colleagues(refused)
        refused = {n: c for n, c in refused.items() if n not in colleagues}
        refused |= gate._marketing_refusals(colleagues)
        return {
            line: refused[number]
            for line, number in numbers.items()
            if number in refused
        }

    def _privacy_colleagues(self, numbers):
        """:return: those of the numbers that users of the company have"""
        owned = self.env["privacy.gate"]._subjects_with_numbers(
            "res.partner", set(numbers)
        )
        users = self.env["res.users"].search(
            [("share", "=", False), ("partner_id", "in", list(owned))]
        )
        return set().union(*(owned[id_] for id_ in users.partner_id.ids))

    def _privacy_note(self, refused):
        """:return: what the history of the mailing says of those who were left out"""
        gate = self.env["privacy.gate"]
        lines = [
            self.env._(
                "Test SMS not sent to %(number)s: %(reason)s",
                number=line.strip(),
                reason=gate._sms_refusal_label(code),
            )
            for line, code in refused.items()
        ]
        items = Markup().join(Markup("<li>%s</li>") % line for line in lines)
        return Markup("<ul>%s</ul>") % items
