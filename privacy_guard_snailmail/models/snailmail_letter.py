from collections import defaultdict

from odoo import api, models

from odoo.addons.privacy_guard.extending import UNWANTED_CHANNEL


class SnailmailLetter(models.Model):
    """No letter goes where it may not: asked on creation and before printing.

    Whoever has it printed elsewhere does not look at the recipient, so that none is
    sent by hand: who has stopped processing gets none, whoever sends it.
    """

    _name = "snailmail.letter"
    _inherit = ["snailmail.letter", "privacy.message.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        letters = super().create(vals_list)
        letters._privacy_note_class()
        letters._privacy_apply_gate()
        return letters

    def _snailmail_print(self, immediate=True):
        """The person may have said no since the letter was queued."""
        left = self - self._privacy_apply_gate()
        # core tells the message of all of these, even if there are none
        return super(SnailmailLetter, left)._snailmail_print(immediate=immediate)

    def _privacy_apply_gate(self):
        """Cancel the letters that may not go where they would, with the reason.

        :return: the cancelled ones
        """
        # superuser: everybody's letters obey, and say so on the message in the chatter;
        # core prints cancelled ones, too, if it is told to
        due = self.sudo().filtered(lambda letter: letter.state != "sent")
        asked = defaultdict(set)
        for letter in due:
            asked[letter._privacy_message_class()] |= letter._privacy_recipients()
        refused = self.env["privacy.gate"]._channel_refusals(asked, "covers_post")
        for id_, code in self._privacy_refused_marketing(asked["marketing"]).items():
            refused.setdefault(("marketing", id_), code)
        by_code = due.grouped(
            lambda letter: refused.get(
                (letter._privacy_message_class(), letter.partner_id.id)
            )
        )
        by_code.pop(None, None)
        for code, letters in by_code.items():
            letters._privacy_refuse(code)
        return self.browse(id_ for letters in by_code.values() for id_ in letters.ids)

    @api.model
    def _privacy_refused_marketing(self, ids):
        """A letter names no consent: one that is about letters has to allow it, and
        what people want of any of these holds (PRF-2).

        :param ids: of contacts
        :return: {id: refusal reason} of those who get no marketing by post
        """
        if not ids:
            return {}
        about = [
            ("res_model", "=", "res.partner"),
            ("res_id", "in", list(ids)),
            ("purpose_id.kind", "=", "custom"),
            ("purpose_id.covers_post", "=", True),
        ]
        not_refused = [
            ("purpose_id.default_selection", "=", "yes"),
            ("value", "in", ["applicable", "waiting"]),
        ]
        allows = ["|", ("value", "=", "granted"), "&", *not_refused]
        # superuser: what people have said binds whoever sends
        consents, wishes = self.env["consent.record"], self.env["consent.preference"]
        active = ("purpose_id.active", "=", True)
        allowing = consents.sudo().search([*about, active, *allows])
        narrowed = wishes.sudo().search(about)
        unwanted = {w.res_id for w in narrowed if "post" in w._value().without}
        silent = set(ids) - set(allowing.mapped("res_id"))
        return {
            **dict.fromkeys(unwanted, UNWANTED_CHANNEL),
            **dict.fromkeys(silent, "no_marketing_consent"),
        }

    def _privacy_recipients(self):
        self.ensure_one()
        return {self.partner_id.id}

    def _privacy_refuse(self, code):
        """:param code: refusal reason of these letters"""
        values = self.env["mail.notification"]._privacy_refusal_values(code)
        self.info_msg = values["failure_reason"]
        self.notification_ids.write(values)
        self.cancel()
