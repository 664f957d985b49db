# The refusals stand in for their super methods, which others call, on purpose.
# pylint: disable=method-required-super
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...constants import OFFICER
from ...tools.schedule import business_days_after, local_date

# Business days in which an officer reads what is in doubt.
DAYS = 10
# What was decided is an event; whoever has sent it may ask for a year what came in.
KEPT = timedelta(days=365)
# written by activities and their messages
FREE_PREFIXES = ("message_", "activity_")


class PrivacyDoubtMixin(models.AbstractModel):
    """What came in from outside and may be a refusal: an officer reads it, until a day,
    and says what it is (GDPR Art. 7(3), 21(2)).

    Nobody edits it. A model says what an officer may make of it, by ``action_refuse``.
    """

    _name = "privacy.doubt.mixin"
    _description = "Possible refusal that came in"
    _inherit = ["mail.thread", "mail.activity.mixin", "consent.frozen.mixin"]
    _order = "date desc, id desc"
    # no number or address: it would be in the mail about the activity
    _rec_name = "date"
    _mail_post_access = "read"

    date = fields.Datetime("Received on", required=True, readonly=True, index=True)
    state = fields.Selection(
        [
            ("doubt", "To read"),
            ("refused", "A refusal"),
            ("harmless", "No refusal"),
        ],
        required=True,
        readonly=True,
    )
    deadline = fields.Date("To be read until", readonly=True)
    decided_at = fields.Datetime("Decided on", readonly=True)
    user_id = fields.Many2one("res.users", "Decided by", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)

    def write(self, vals):
        """Nothing but what officers arrange between themselves."""
        if any(not name.startswith(FREE_PREFIXES) for name in vals):
            raise UserError(self._frozen_message())
        return models.BaseModel.write(self, vals)

    @api.model
    def _prepare_doubt(self, company, date=None):
        """:param company: to which it came
        :param datetime date: when, UTC; now by default
        :return: values of a new row"""
        date = date or fields.Datetime.now()
        today = local_date(date, company._privacy_tz())
        return {
            "date": date,
            "state": "doubt",
            "deadline": business_days_after(today, DAYS),
            "company_id": company.id,
        }

    def _open(self):
        """:return: what waits, is read together with these, and the user's to see"""
        raise NotImplementedError

    def _waiting(self):
        """:return: all that one activity is for, the oldest last"""
        return self._open()

    def _question(self):
        """:return: what the officer is asked, in the language of these rows"""
        return self.env._("Is this a refusal?")

    def _ask_officer(self):
        """One activity, however much comes."""
        owner = self.company_id._privacy_owner(self)
        if owner and not self._waiting().activity_ids:
            # in the language of whom it is for
            row = self.with_context(lang=owner.lang)
            row.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.deadline,
                summary=row._question(),
                user_id=owner.id,
            )

    def _close(self, state, user):
        """:param user: the officer who has decided it, if one had to"""
        decided = {"decided_at": fields.Datetime.now(), "user_id": user and user.id}
        self._set({"state": state, **decided})
        # superuser: the activity may be another officer's
        self.sudo().activity_ids.unlink()
        for waiting in self._waiting().grouped("company_id").values():
            waiting[-1]._ask_officer()

    def action_dismiss(self):
        """It is none, as all that is read with it.

        :raise AccessError: for anybody but a privacy officer
        """
        self._check_officer()
        self._open()._close("harmless", self.env.user)

    def _check_officer(self):
        self.check_access("read")
        if not self.env.user.has_group(OFFICER):
            raise AccessError(
                self.env._("Only privacy officers decide what people meant.")
            )

    @api.autovacuum
    def _gc_old(self):
        if self._abstract:
            return
        before = fields.Datetime.now() - KEPT
        # superuser: housekeeping
        old = self.sudo().search([("state", "!=", "doubt"), ("date", "<", before)])
        messages = [("model", "=", self._name), ("res_id", "in", old.ids)]
        self.env["mail.message"].sudo().search(messages).unlink()
        old._drop()
