from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.privacy_guard.extending import MOST

from .mailing_list import ABOUT_MAIL

WAITING = ("in_queue", "sending")
USEFUL_DAYS = 14


class MailingMailing(models.Model):
    """A mailing names the consent that it relies on, and goes to nobody else."""

    _inherit = "mailing.mailing"

    privacy_purpose_id = fields.Many2one(
        "consent.purpose",
        "Relies on consent",
        domain=ABOUT_MAIL,
        compute="_compute_privacy_purpose_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        help="Only people who allow this get the mailing, whatever else is ticked.",
    )
    privacy_useful_days = fields.Integer(
        "Useful for (days)",
        default=USEFUL_DAYS,
        help="Who wants fewer messages gets it when they want, if it is still of use "
        "then, and else not at all.",
    )
    privacy_enabled = fields.Boolean(compute="_compute_privacy_enabled")

    @api.model
    def _privacy_ticks(self):
        """:return: {type of mailing: tick of the consents that it can rely on}; what is
        sent in other ways is none of ours"""
        return {"mail": "covers_email"}

    def _privacy_company(self):
        """:return: the company that sends these mailings, as superuser"""
        # superuser: it binds, and writes, whoever sends
        return self.sudo().user_id.company_id[:1] or self.env.company.sudo()

    def _privacy_governed(self):
        """:return: those of these mailings that rely on consent"""
        return self.filtered(lambda m: m.mailing_type in self._privacy_ticks())

    def _privacy_suitable(self, purposes):
        """:return: those of the purposes that the mailing can rely on"""
        self.ensure_one()
        tick = self._privacy_ticks().get(self.mailing_type)
        return purposes.filtered(lambda p: tick and p.kind == "custom" and p[tick])

    @api.depends("contact_list_ids.privacy_purpose_id", "mailing_type")
    def _compute_privacy_purpose_id(self):
        for mailing in self:
            purposes = mailing._privacy_suitable(
                mailing.contact_list_ids.privacy_purpose_id
            )
            if not mailing.privacy_purpose_id and len(purposes) == 1:
                mailing.privacy_purpose_id = purposes

    def _compute_privacy_enabled(self):
        self.privacy_enabled = self.env["privacy.gate"]._is_enabled()

    @api.constrains("privacy_purpose_id", "mailing_type")
    def _check_privacy_purpose(self):
        for mailing in self._privacy_governed():
            purpose = mailing.privacy_purpose_id
            if purpose and not mailing._privacy_suitable(purpose):
                raise ValidationError(mailing._privacy_unsuitable_message())

    @api.constrains("privacy_useful_days")
    def _check_privacy_useful_days(self):
        self.env["consent.run"]._check_bounds(self, ["privacy_useful_days"])
        if any(mailing.privacy_useful_days < 0 for mailing in self):
            raise ValidationError(
                self.env._("A mailing is useful for some days, or for none: 0 or more.")
            )

    def _privacy_last_useful(self, start=None):
        """:param datetime start: when it is going to be sent; when it was, or now, by
            default
        :return: until when it may be sent to who wants it later; what goes to many
            people without a mailing, if there is none"""
        start = start or self.sent_date or fields.Datetime.now()
        days = self.privacy_useful_days if self else USEFUL_DAYS
        # whatever is stored
        return start + timedelta(days=min(max(days, 0), MOST["days"]))

    def _privacy_unsuitable_message(self):
        """:return: why the mailing cannot rely on its consent"""
        return self.env._(
            "%(purpose)s is not about e-mail: a mailing cannot rely on it.",
            purpose=self.privacy_purpose_id.name,
        )

    @api.constrains("state", "privacy_purpose_id", "mailing_type", "mailing_model_id")
    def _check_privacy_blockers(self):
        """Whoever puts it into the queue, by whatever way."""
        self.filtered(lambda m: m.state in WAITING)._privacy_check_blockers()

    def _privacy_check_blockers(self):
        """:raise UserError: something keeps one of these from being sent"""
        for mailing, reason in self._privacy_blockers().items():
            values = {"mailing": mailing.display_name, "reason": reason}
            raise UserError(self.env._("%(mailing)s: %(reason)s", **values))

    def _privacy_blockers(self):
        """The hook for whatever keeps a mailing from being sent, and even from waiting
        for it.

        :return: {mailing: why it may not be sent}
        """
        return dict.fromkeys(
            self._privacy_unnamed(),
            self.env._(
                "Choose the consent that the mailing relies on before you send it."
            ),
        )

    def _privacy_unnamed(self):
        """:return: the mailings that may not be sent for want of a consent"""
        if not self.env["privacy.gate"]._is_enabled():
            return self.browse()
        return self._privacy_governed().filtered(
            lambda mailing: not mailing.privacy_purpose_id.active
        )

    def _action_send_mail(self, res_ids=None):
        self._privacy_check_blockers()
        for mailing in self.browse() if res_ids else self:
            if reason := mailing._privacy_choice_refusal():
                raise UserError(reason)
        return super()._action_send_mail(res_ids)

    @api.model
    def _process_mass_mailing_queue(self):
        """One mailing that may not be sent must not hold up the others."""
        waiting = self.search([("state", "in", WAITING)])
        for mailing, reason in waiting._privacy_not_sent_reasons().items():
            mailing.action_cancel()
            mailing.message_post(body=reason)
        return super()._process_mass_mailing_queue()

    def _privacy_not_sent_reasons(self):
        """What waits may be from before consents were enabled, or from before somebody
        lost a right.

        :return: {mailing: why the queue may not send it}
        """
        reasons = self._privacy_blockers()
        now = fields.Datetime.now()
        for mailing in self.filtered(lambda mailing: mailing not in reasons):
            is_due = not mailing.schedule_date or mailing.schedule_date < now
            if is_due and (reason := mailing._privacy_choice_refusal()):
                reasons[mailing] = reason
        return reasons

    def _get_recipients_domain(self):
        """A duplicate is nobody by itself: whom it duplicates gets the mailing."""
        domain = self._privacy_narrowed(super()._get_recipients_domain())
        return domain & ~self._privacy_duplicates_domain()

    def _privacy_duplicates_domain(self):
        """:return: domain of the recipients that are duplicates (DUP-2)"""
        kinds = self.env["consent.record"]._subject_models()
        is_enabled = self.env["privacy.gate"]._is_enabled()
        if not is_enabled or self.mailing_model_real not in kinds:
            return Domain.FALSE
        return Domain("privacy_status", "=", "duplicate")

    def _privacy_describe_duplicates(self):
        """:return: list of lines: how many of the records are no recipients"""
        chosen = Domain(self._parse_mailing_domain())
        target = self.env[self.mailing_model_real]
        count = target.search_count(chosen & self._privacy_duplicates_domain())
        told = self.env._("%s duplicates are no recipients of their own.", count)
        return [told] if count else []

    def _privacy_refused(self, addresses):
        """:param addresses: where mails of this mailing, or marketing mails of none,
            would go
        :return: {address: refusal reason}"""
        gate = self.env["privacy.gate"]
        if self:
            return gate._mailing_refusals(self.privacy_purpose_id, addresses)
        return gate._unwanted_without_purpose("covers_email", addresses)
