from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...constants import OPEN_REQUEST

# what the person may ask for on the page
RIGHTS = ("stop", "erasure")
# requests of a kind taken back in a day without a code: a person changes their mind, a
# script goes on. Asking has no limit (RTE-1), and needs none besides; nor has what a
# code takes back, which are limited themselves.
PER_DAY = 5


class PrivacyPreferencesPage(models.AbstractModel):
    """Further rights on the page: stop processing, erase."""

    _inherit = "privacy.preferences.page"

    @api.model
    def _rights(self):
        """:return: kinds of requests that the page offers"""
        return RIGHTS

    @api.model
    def _requests(self, subjects, kind=None):
        """What the person has asked for in the last year, latest first. What somebody
        else has asked about one of the records is not theirs.

        :param list subjects: recordsets
        :return: ``privacy.request``, as superuser
        """
        model = requests = self._request_model()
        since = fields.Datetime.now() - timedelta(days=365)
        for persons in subjects:
            requests |= model.search(
                model._about(persons)
                & Domain("kind", "in", (kind,) if kind else self._kinds())
                & Domain("date", ">=", since)
            )
        own = requests._asked_by(subjects)
        return own.sorted(lambda r: (r.date, r.id), reverse=True)

    @api.model
    def _request_model(self):
        """Superuser: these are requests of oneself. As Odoo's own user, because the
        public user has no address that mail to the owner could be sent from."""
        return self.env["privacy.request"].with_user(SUPERUSER_ID)

    @api.model
    def _kinds(self):
        return list(dict(self.env["privacy.request"]._fields["kind"].selection))

    @api.model
    def _request_lines(self, subjects):
        """:return: one dict per request to show; who deals with several companies has
        asked all of them for the same at the same time"""
        lines = {}
        for request in self._requests(subjects):
            lines.setdefault(
                (request.kind, request.state, request.date), self._request_line(request)
            )
        return list(lines.values())

    @api.model
    def _request_line(self, request):
        return {
            "kind": request.kind,
            "kind_label": self._label(request, "kind"),
            "state": request.state,
            "state_label": self._label(request, "state"),
            "name": request.name,
            "date": format_date(self.env, request.date, date_format="long"),
            "deadline": format_date(self.env, request.deadline, date_format="long"),
            "is_open": request.state in OPEN_REQUEST,
        }

    @api.model
    def _label(self, request, name):
        labels = dict(request._fields[name]._description_selection(self.env))
        return labels[request[name]]

    @api.model
    def _open_requests(self, subjects, kind):
        """:return: the open requests of one kind"""
        return self._requests(subjects, kind).filtered(
            lambda r: r.state in OPEN_REQUEST
        )

    @api.model
    def _ask(self, subjects, kind, channel, *, proven):
        """Ask in the person's name, for every record that the page is about.

        :param list subjects: recordsets
        :param bool proven: whether the address is the visitor's for certain
        :return: the requests
        """
        state = "new" if proven else "unconfirmed"
        return self._request_model()._make_all(subjects, kind, channel, state=state)

    @api.model
    def _may_withdraw(self, subjects, requests):
        """:param list subjects: recordsets
        :param requests: open ones of the person, of one kind
        :return: whether they may be taken back without a code: not too often in a day
        """
        since = fields.Datetime.now() - timedelta(days=1)
        recent = self._requests(subjects, requests[:1].kind).filtered(
            lambda r: r.state == "withdrawn" and r.closed_at > since
        )
        return len(recent) < PER_DAY
