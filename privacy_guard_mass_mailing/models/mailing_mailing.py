from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.privacy_guard.constants import MOST

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

    @api.constrains("state", "privacy_purpose_id", "mailing_type")
    def _check_privacy_named(self):
        """Whoever puts it into the queue, by whatever way."""
        self.filtered(lambda m: m.state in WAITING)._privacy_check_named()

    def _privacy_check_named(self):
        """:raise UserError: a mailing names no consent, or one that is archived"""
        for mailing in self._privacy_unnamed():
            raise UserError(
                self.env._(
                    "%(mailing)s: choose the consent that the mailing relies on before "
                    "you send it.",
                    mailing=mailing.display_name,
                )
            )

    def _privacy_unnamed(self):
        """:return: the mailings that may not be sent for want of a consent"""
        if not self.env["privacy.gate"]._is_enabled():
            return self.browse()
        return self._privacy_governed().filtered(
            lambda mailing: not mailing.privacy_purpose_id.active
        )

    def _action_send_mail(self, res_ids=None):
        self._privacy_check_named()
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
        """The hook for whatever keeps a mailing from being sent: it may be from before
        consents were enabled, or from before somebody lost a right.

        :return: {mailing: why the queue may not send it}
        """
        unnamed = self._privacy_unnamed()
        text = self.env._("Not sent: choose the consent that the mailing relies on.")
        reasons = dict.fromkeys(unnamed, text)
        now = fields.Datetime.now()
        for mailing in self - unnamed:
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

    # ------------------------------------------------------------------
    # Objecting
    # ------------------------------------------------------------------

    def _privacy_withdraw(self, address, evidence):
        """The person unsubscribed on Odoo's own page (GDPR Art. 7(3), 21(2)).

        :param str address: the one that the mailing was sent to
        :param dict evidence: ip and user_agent
        """
        if purposes := self._privacy_purposes():
            self._privacy_refuse(address, evidence, set(purposes.ids))

    def _privacy_purposes(self):
        """:return: the consents of these mailings and of their lists"""
        return self.privacy_purpose_id | self.contact_list_ids.privacy_purpose_id

    def _privacy_less_url(self, address):
        """Where who has left is offered less instead of none (PRF-1): a link withdraws
        what they have withdrawn, and nothing else.

        :param str address: as of :meth:`_privacy_withdraw`
        :return: absolute URL, "" where there is nothing to choose
        """
        # superuser: it is for whoever has left
        purposes = self.sudo()._privacy_purposes()
        offered = self.env["privacy.gate"]._is_enabled() and (
            purposes._privacy_about_messages() and self._privacy_subjects_at(address)
        )
        return offered[0][0]._privacy_one_click_url(purposes) if offered else ""

    @api.model
    def _privacy_refuse(self, address, evidence, purpose_ids=None):
        """:param purpose_ids: nothing but these; everything about e-mail by default"""
        gate = self.env["privacy.gate"]
        subjects = gate._is_enabled() and self._privacy_subjects_at(address)
        if not subjects:
            return
        page = self.env["privacy.preferences.page"]
        page._refuse_email(subjects, evidence=evidence, purpose_ids=purpose_ids)
        for persons in subjects if purpose_ids is None else ():
            persons._privacy_opt_out_by_contact()

    @api.model
    def _privacy_subjects_at(self, address):
        """:return: list of recordsets of the people whom a mailing reaches there"""
        normalised = self.env["privacy.gate"]._mail_addresses([address]).get(address)
        return self.env["privacy.preferences.link"]._subjects_at(normalised)

    @api.model
    def _privacy_ask_by_mail(self, address, lists, ip, *, unblock=False):
        """Have somebody confirm by mail that they want more than they get: the way
        back needs the proof of the way in (IDN-6). Where no add-on can mail the link,
        nothing comes of it.

        :param str address: of whoever is to confirm it
        :param lists: ``mailing.list`` to join, or to come back to
        :param str ip: where it came from, for what is counted
        :param bool unblock: whether the address is to leave the blocklist
        :return: what they are told, the same for all addresses; None where nothing
            comes of it
        """
        return None
