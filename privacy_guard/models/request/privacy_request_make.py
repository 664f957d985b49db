from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Domain

from ...constants import OPEN_REQUEST, PENDING_REQUEST
from .privacy_request import BY_HAND

# GDPR Art. 12(3): one month
TERM = relativedelta(months=1)
ACTIVITY = "mail.mail_activity_data_todo"


class PrivacyRequest(models.Model):
    """How requests are made, begin and find their owner."""

    _inherit = "privacy.request"

    @api.model
    def _about(self, subjects):
        """:param subjects: subjects of one model, any number
        :return: Domain of the requests about them"""
        rows = self.env["privacy.request.subject"]
        return Domain("subject_ids", "any", rows._domain_of(subjects))

    @api.model
    def _open_for(self, subjects):
        """:param subjects: subjects of one model, any number
        :return: their open requests, as superuser
        """
        # superuser: callers are the person, or have checked who may see the subject
        return self.sudo().search(
            self._about(subjects) & Domain("state", "in", OPEN_REQUEST)
        )

    @api.model
    def _make(self, subjects, kind, channel, *, state="new", email=None, date=None):
        """Record what persons ask for; the one way in, for whoever took it.

        A person has one open request of a kind, whatever number of records: who asks
        again gets that one.

        :param subjects: subjects of one model, any number
        :param str kind: one of KINDS
        :param str channel: one of CHANNELS
        :param str state: "new", or "unconfirmed" while the person must still prove
            that the address is theirs
        :param str email: the address that asked; the subject's own by default
        :param datetime date: when it was received; now by default
        :return: one request per person and company, as superuser; former ones that were
            still open among them
        """
        return self._make_all(
            [subjects], kind, channel, state=state, email=email, date=date
        )

    @api.model
    def _make_all(self, groups, kind, channel, *, state="new", email=None, date=None):
        """As :meth:`_make`, for subjects of several models.

        :param list groups: recordsets
        """
        rows = self.env["privacy.request.subject"]
        found, missing = self.sudo().browse(), []
        for subjects in groups:
            asked = rows._open_of(subjects, kind)
            if channel in BY_HAND:
                # an officer confirms nothing in the person's name: theirs begins anew
                doubtful = asked.request_id.filtered(lambda r: r.state == "unconfirmed")
                asked = asked.filtered(lambda r, d=doubtful: r.request_id not in d)
                doubtful._discard()
            found |= asked.request_id
            missing.append(subjects.sudo() - subjects.browse(asked.mapped("res_id")))
        persons = self._by_person(missing)
        made = self.sudo()._add(
            [
                self._prepare(person[0], kind, channel, state, email, date)
                for person in persons
            ]
        )
        rows._make(
            [
                {"request_id": request.id, "res_model": s._name, "res_id": s.id}
                for request, person in zip(made, persons, strict=True)
                for s in person
            ]
        )
        if state != "unconfirmed":
            (made | found.filtered(lambda r: r.state == "unconfirmed"))._begin()
        return found | made

    @api.model
    def _by_person(self, groups):
        """:param list groups: recordsets
        :return: list of lists of the records that one company keeps of one person, the
            one to name first: the contact, or the latest record"""
        persons = {}
        for subjects in groups:
            companies = subjects._privacy_companies()
            for subject in subjects:
                address = subject[subject._consent_email_field]
                key = companies[subject.id], address or subject
                persons.setdefault(key, []).append(subject)
        return [
            sorted(person, key=lambda s: (s._name != "res.partner", -s.id))
            for person in persons.values()
        ]

    def _prepare(self, subject, kind, channel, state, email, date):
        """:param subject: the record that the request names
        :return: values of a new request"""
        date = date or fields.Datetime.now()
        company = subject._privacy_company()
        return {
            "name": self.env["ir.sequence"].sudo().next_by_code(self._name),
            "res_model": subject._name,
            "res_id": subject.id,
            "kind": kind,
            "channel": channel,
            "state": state,
            "email": email or subject[subject._consent_email_field],
            "date": date,
            "deadline": date.date() + TERM,
            "company_id": company.id,
            "user_id": company._privacy_owner(subject).id,
        }

    def _begin(self):
        """What happens as soon as it is certain that the person asks."""
        self.filtered(lambda r: r.state == "unconfirmed")._set({"state": "new"})
        self._schedule()
        for handler in self._handled():
            handler.begin()
        self._notify_each_once("privacy_guard.mail_template_request_received")

    # ------------------------------------------------------------------
    # Owners
    # ------------------------------------------------------------------

    def _hand_over_activities(self):
        """The activities are those of the new owner, who is the same of all these."""
        # superuser: the activity may be another officer's
        owned = self.filtered(lambda r: r.user_id and r.state in PENDING_REQUEST).sudo()
        owned.activity_ids.user_id = self.user_id
        (owned.filtered(lambda r: not r.activity_ids))._schedule()

    def _schedule(self):
        """Give each owner an activity that is due with the request."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for request in self.filtered("user_id"):
            request.activity_schedule(
                ACTIVITY,
                date_deadline=request.deadline,
                summary=kinds[request.kind],
                user_id=request.user_id.id,
            )
