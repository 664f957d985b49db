from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from psycopg2.errors import UniqueViolation

from odoo.addons.privacy_guard.extending import mandatory


class PrivacySmsReply(models.Model):
    """What somebody sent back to a text message (SMS-1; GDPR Art. 7(3), 21(2)).

    :meth:`_receive` is the one way in, for the webhook of whatever provider. A word of
    the list is a no. Whatever else comes may be one: until an officer has read it, the
    number gets no marketing text messages either. Nothing that comes in grants
    anything: the sender of a text message can be forged.
    """

    _name = "privacy.sms.reply"
    _description = "Text message that came in"
    _inherit = ["privacy.doubt.mixin"]

    number = fields.Char("Phone number", required=True, readonly=True, index=True)
    body = fields.Text("Text", readonly=True)
    reference = fields.Char("Reference of the provider", readonly=True)
    state = fields.Selection(
        [
            ("doubt", "To read"),
            ("refused", "No more text messages"),
            ("harmless", "No refusal"),
        ],
        required=True,
        readonly=True,
    )

    _reference_uniq = models.UniqueIndex(
        "(reference, number, md5(COALESCE(body, ''))) WHERE reference IS NOT NULL",
        "This text message has been received already.",
    )
    _doubt_idx = models.Index("(number) WHERE state = 'doubt'")

    # ------------------------------------------------------------------
    # Coming in
    # ------------------------------------------------------------------

    @api.model
    def _receive(self, number, text, *, reference=None, date=None):
        """Take a text message that somebody sent back. Webhooks call it, once they have
        proven to be the provider, for each message as often as they like.

        :param str number: the sender's, in international form
        :param str text: what they wrote; None of a picture
        :param str reference: what the provider calls the message, with the provider's
            name; the same text of the same number is not taken again by it. Others
            are: a provider may count anew, and no refusal is lost for that
        :param datetime date: when it was received, UTC; now by default
        :return: ``privacy.sms.reply``, as superuser
        :raise UserError: the number is none
        :raise ConcurrencyError: another worker takes the same message; Odoo tries again
        """
        # superuser: who writes back is no user
        replies = self.sudo()
        sender = replies._canonical(number)
        text, reference = storable(text), storable(reference) or None
        known = [
            ("reference", "=", reference),
            ("number", "=", sender),
            ("body", "=", text),
        ]
        if reference and (reply := replies.search(known)):
            return reply
        reply = replies._add(
            {
                **replies._prepare_doubt(self.env.company, date),
                "number": sender,
                "body": text,
                "reference": reference,
            }
        )
        if self.env["privacy.sms.word"]._means_stop(text):
            reply._refuse()
        else:
            reply._ask_officer()
        return reply

    @api.model
    def _canonical(self, number):
        """:return: a number as the gate compares them"""
        found = isinstance(number, str) and self.env.company._phone_format(
            number=number.strip()
        )
        if not found:
            raise UserError(
                self.env._("The sender of the text message is no phone number.")
            )
        return found

    @api.model
    def _add(self, vals):
        try:
            with self.env.cr.savepoint():
                return self._make([vals])
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error

    # ------------------------------------------------------------------
    # A no
    # ------------------------------------------------------------------

    def _refuse(self, user=None):
        """Whoever has the number gets no more marketing by text message. They are told
        so, once: if there was anything to end. Who is not known is told nothing.

        :param user: the officer who has read it
        """
        self._open()._close("refused", user)
        # superuser: a no binds all of whom it may be
        blacklist = self.env["phone.blacklist"].sudo()
        has_ended = not blacklist.search_count([("number", "=", self.number)], limit=1)
        blacklist._add([self.number])
        people = self.env["privacy.gate"]._subjects_of_number(self.number)
        for persons in people:
            has_ended |= bool(self._refuse_for(persons, user))
        if has_ended and people:
            self._confirm(people[0][:1])

    def _refuse_for(self, persons, user):
        """:return: number of answers recorded"""
        page = self.env["privacy.preferences.page"]
        # superuser: as above
        purposes = self.env["consent.purpose"].sudo()
        about = purposes.search([("kind", "=", "custom"), ("covers_sms", "=", True)])
        note = self.env._("Text message from %s:", self.number)
        return sum(
            page._save(
                [people],
                dict.fromkeys(ids, "refused"),
                source="sms",
                user_id=user and user.id,
                evidence={"note": f"{note} {self.body or ''}"},
            )
            for ids, people in page._by_purposes(
                persons, page._not_refused(persons, about.ids)
            )
        )

    def _confirm(self, person):
        """That is owed, whatever else they have stopped.

        :param person: of whom it may be, for the language
        """
        company = self.company_id
        page = self.env["privacy.preferences.page"].with_context(
            lang=person._privacy_lang(company)
        )
        queue = self.env["sms.sms"].with_company(company)
        mandatory(queue, [self.number]).create(
            [{"number": self.number, "body": page._text_messages_end(company)}]
        )


def storable(text):
    """:return: what a provider hands over, without what no database stores: for want of
    a sign no refusal is lost"""
    text = "" if text is None else str(text)
    return text.encode(errors="ignore").decode().replace("\0", "")
