from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Domain

from ...constants import OPEN_REQUEST, PENDING_REQUEST
from ...tools.schedule import local_date
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
    def _make(self, subjects, kind, channel, *, state="new", date=None):
        """Record what persons ask for; the one way in, for whoever took it.

        A person has one open request of a kind, whatever number of records: who asks
        again gets that one.

        :param subjects: subjects of one model, any number
        :param str kind: one of KINDS
        :param str channel: one of CHANNELS
        :param str state: "new", or "unconfirmed" while the person must still prove
            that the address is theirs
        :param datetime date: when it was received; now by default
        :return: one request per person and company, as superuser; former ones that were
            still open among them
        """
        return self._make_all([subjects], kind, channel, state=state, date=date)

    @api.model
    def _make_all(self, groups, kind, channel, *, state="new", date=None, company=None):
        """As :meth:`_make`, for subjects of several models.

        :param list groups: recordsets
        :param company: that is asked; by default the one that each deals with
        """
        rows = self.env["privacy.request.subject"]
        persons = self._by_person(groups, channel, company)
        # what others asked about the same records is no request of these
        asked = rows.sudo().union(*(rows._open_of(people, kind) for people in groups))
        asked = asked.filtered(lambda row: row.request_id._asker() in persons)
        if channel in BY_HAND:
            asked = asked._without_unconfirmed()
        found, missing = asked.request_id, self._not_asked(persons, asked)
        by_asker = {request._asker(): request for request in found}
        new = {who: person for who, person in missing.items() if who not in by_asker}
        made = self.sudo()._add(
            [
                self._prepare(person[0], kind, channel, state, date, who[0])
                for who, person in new.items()
            ]
        )
        by_asker.update(zip(new, made, strict=True))
        rows._make(
            [
                {"request_id": by_asker[who].id, "res_model": s._name, "res_id": s.id}
                for who, person in missing.items()
                for s in person
            ]
        )
        if state != "unconfirmed":
            doubtful = found.filtered(lambda r: r.state == "unconfirmed")
            (made | doubtful)._begin()
            joined = found.filtered(lambda r: r._asker() in missing) - doubtful
            for handler in joined._handled():
                handler.begin()
        return found | made

    @api.model
    def _by_person(self, groups, channel=None, company=None):
        """:param list groups: recordsets
        :param company: as of :meth:`_make_all`
        :return: {see :meth:`_asker`: list of the records that one company keeps of one
            person, as superuser, the one to name first: the contact, or the latest
            record}"""
        persons = {}
        for subjects in groups:
            # superuser: an address that the user may not read identifies the person
            known = subjects.sudo()
            companies = known._privacy_companies()
            for subject in known:
                asked = company or companies[subject.id]
                asker = asked, self._identity_of(subject, channel)
                persons.setdefault(asker, []).append(subject)
        for person in persons.values():
            person.sort(key=lambda s: (s._name != "res.partner", -s.id))
        return persons

    @api.model
    def _not_asked(self, persons, asked):
        """:param dict persons: of :meth:`_by_person`
        :param asked: rows of open requests
        :return: {see :meth:`_asker`: list of the records of the person that no request
            of theirs is about}, without who has none"""
        known = {(row.request_id._asker(), row.res_model, row.res_id) for row in asked}
        missing = {
            asker: [s for s in person if (asker, s._name, s.id) not in known]
            for asker, person in persons.items()
        }
        return {asker: person for asker, person in missing.items() if person}

    def _prepare(self, subject, kind, channel, state, date, company):
        """:param subject: the record that the request names
        :return: values of a new request"""
        date = date or fields.Datetime.now()
        # nobody is told of what the person has not confirmed
        owner = company._privacy_owner(subject) if state != "unconfirmed" else None
        return {
            "name": self.env["ir.sequence"].sudo().next_by_code(self._name),
            "res_model": subject._name,
            "res_id": subject.id,
            "kind": kind,
            "channel": channel,
            "state": state,
            "email": subject[subject._consent_email_field],
            "identity": self._identity_of(subject, channel),
            "date": date,
            "deadline": local_date(date, company._privacy_tz()) + TERM,
            "company_id": company.id,
            "user_id": owner and owner.id,
        }

    def _received_on(self):
        """:return: the day that it came in, on the calendar of its company"""
        return local_date(self.date, self.company_id._privacy_tz())

    def _begin(self):
        """What happens as soon as it is certain that the person asks."""
        for request in self.filtered(lambda r: r.state == "unconfirmed"):
            owner = request.user_id or request._fallback_owner()
            request._set({"state": "new", "user_id": owner.id})
        self._schedule()
        for handler in self._handled():
            handler.begin()
        self._notify_each_once("privacy_guard.mail_template_request_received")

    @api.autovacuum
    def _gc_unconfirmed(self):
        """What nobody confirmed within a day was nobody's request."""
        since = fields.Datetime.now() - timedelta(days=1)
        domain = [("state", "=", "unconfirmed"), ("create_date", "<", since)]
        self.search(domain)._discard()

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
        """Give each owner an activity that is due with the request, in their language,
        whoever asks."""
        for request in self.filtered("user_id"):
            lang = request.user_id.lang
            request.with_context(lang=lang).activity_schedule(
                ACTIVITY,
                date_deadline=request.deadline,
                summary=self._kind_label(request.kind, lang),
                user_id=request.user_id.id,
            )
