from odoo import api, fields, models
from odoo.exceptions import UserError

from ...access import check_officer

CHANNELS = [
    ("letter", "Letter or paper form"),
    ("phone", "Phone"),
    ("mail", "E-mail"),
    ("in_person", "In person"),
    ("other", "Other"),
]


class ConsentAnswer(models.TransientModel):
    """Record answers that a person gave elsewhere, with where they come from."""

    _name = "consent.answer"
    _description = "Record an answer"
    _inherit = "consent.person.mixin"

    line_ids = fields.One2many(
        "consent.answer.line",
        "wizard_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )
    channel = fields.Selection(CHANNELS, "Source", required=True)
    note = fields.Text(required=True)
    document = fields.Binary()
    document_name = fields.Char()

    @api.depends("partner_id", "res_model", "res_id")
    def _compute_line_ids(self):
        for wizard in self:
            consents = wizard._subject().consent_ids
            wizard.line_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create(
                        {"purpose_id": consent.purpose_id.id, "value": consent.value}
                    )
                    for consent in consents.sorted("purpose_id")
                ),
            ]

    def action_record(self):
        """Record what was said, as evidence of the current user: answers, and how much
        the person wants, and by what, of what they do not refuse (PRF-1, PRF-2)."""
        self.ensure_one()
        refusal = self.env._("Only privacy officers record answers given elsewhere.")
        check_officer(self.env, refusal)
        subject = self._subject().ensure_one()
        subject.check_access("read")
        answers = {
            line.purpose_id.id: line.answer
            for line in self.line_ids
            if line.answer != "none"
        }
        wishes = {line.purpose_id.id: line._wish() for line in self.line_ids}
        wishes = {purpose_id: wish for purpose_id, wish in wishes.items() if wish}
        if not answers and not wishes:
            raise UserError(self.env._("Choose an answer for at least one consent."))
        self.line_ids.purpose_id.check_access("read")
        how = {
            "source": "officer",
            "user_id": self.env.uid,
            "evidence": self._prepare_evidence(
                self.channel, self.note, self.document, self.document_name
            ),
        }
        # The text that people see is the one in their own language.
        subject = subject.with_context(lang=subject._privacy_own_lang())
        recorded = subject._consent_record_answers(answers, **how) if answers else 0
        # a stop binds: only the person themself wants more until it ends
        may_widen = not self.env["privacy.gate"]._stopped(subject)
        recorded += subject._consent_prefer(wishes, may_widen=may_widen, **how)
        if not recorded:
            raise UserError(
                self.env._(
                    "Nothing was recorded: it holds already, or the person has refused "
                    "or stopped what they would get."
                )
            )
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _prepare_evidence(self, channel, note, document=None, document_name=None):
        """
        :param str channel: one of CHANNELS
        :param str note: what proves the answer
        :param document: content of a file, in base64
        :return: the personal part of the evidence, as `_consent_record_answers` takes
            it
        :raise UserError: channel or note is missing
        """
        return {
            "note": self._written_note(channel, note),
            "document": document,
            "document_name": document_name,
        }

    @api.model
    def _written_note(self, channel, note):
        """
        :param str channel: one of CHANNELS
        :param str note: what proves the answer
        :return: the note of the evidence
        :raise UserError: one of the two is missing
        """
        channels = dict(self._fields["channel"]._description_selection(self.env))
        if not isinstance(channel, str) or channel not in channels:
            raise UserError(
                self.env._(
                    "“%(given)s” is no source: give one of %(possible)s.",
                    given=channel,
                    possible=", ".join(channels),
                )
            )
        if not isinstance(note, str) or not note.strip():
            raise UserError(self.env._("Say in the note what proves the answer."))
        return f"{channels[channel]}: {note.strip()}"
