from odoo import api, fields, models

from odoo.addons.privacy_guard.extending import MARKETING, value_behind

# How many of those who are left out are called by their names.
NAMED = 10


class SmsComposer(models.TransientModel):
    """Text messages to many people, and what the writer of one is told."""

    _inherit = "sms.composer"

    privacy_warning = fields.Text(compute="_compute_privacy_warning")

    @api.depends(
        "res_model", "res_id", "res_ids", "composition_mode", "recipient_single_number"
    )
    def _compute_privacy_warning(self):
        for composer in self:
            composer.privacy_warning = composer._privacy_describe_refused()

    def _privacy_describe_refused(self):
        """:return: who gets no text message, False if everybody does"""
        refused = self._privacy_refused()
        if not refused:
            return False
        if self.comment_single_recipient:
            return self.env._(
                "This person gets no text messages: they asked us to stop "
                "processing their data, or to erase it."
            )
        names = refused[:NAMED].mapped("display_name")
        return self.env._(
            "%(refused)s of %(all)s people get no text message, whatever you send: "
            "%(names)s",
            refused=len(refused),
            all=self.res_ids_count,
            names=", ".join(names) + (", …" if len(refused) > NAMED else ""),
        )

    def _privacy_refused(self):
        """:return: records whose person gets no text message; by hand neither, if they
        have stopped processing"""
        records = self._get_records()
        is_batch = self.composition_mode == "mass"
        if not records or not (is_batch or self.comment_single_recipient):
            return self.env["res.partner"]
        people = self._privacy_recipients(records)
        name = "marketing" if is_batch and self._privacy_is_marketing() else "automatic"
        asked = {name: set().union(*people.values())}
        refused = self.env["privacy.gate"]._sms_refusals(asked)
        barred = {person for _class, person in refused}
        return records.filtered(lambda record: people[record.id] & barred)

    def _privacy_recipients(self, records):
        """:return: {id of a record: set of its recipients, as the gate knows them}"""
        info = records._sms_get_recipients_info(force_field=self.number_field_name)
        return {
            # the gate needs the number, whoever sees a mask of it
            id_: {found["partner"].id, value_behind(found["sanitized"])} - {False, None}
            for id_, found in info.items()
        }

    def _privacy_is_marketing(self):
        """The same text to many people, and not about a document of theirs, is
        marketing; about documents it is automatic."""
        return self.res_model in self.env["consent.record"]._subject_models()

    def _action_send_sms_mass(self, records=None):
        composer = self
        if self._privacy_is_marketing():
            composer = self.with_context(**{MARKETING: True})
        return super(SmsComposer, composer)._action_send_sms_mass(records=records)

    def _prepare_mass_sms(self, records, sms_record_values):
        messages = super()._prepare_mass_sms(records, sms_record_values)
        messages._privacy_show()
        return messages
