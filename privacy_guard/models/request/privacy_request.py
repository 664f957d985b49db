# The refusals stand in for their super methods, which others call, on purpose.
# pylint: disable=method-required-super,no-raise-unlink,super-method-mismatch
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from psycopg2.errors import UniqueViolation

from ...constants import OFFICER, OPEN_REQUEST, PENDING_REQUEST

KINDS = [
    ("stop", "Stop processing"),
    ("erasure", "Erasure"),
    ("access", "Access"),
    ("portability", "Portability"),
    ("rectification", "Rectification"),
    ("objection", "Objection"),
]
STATES = [
    ("unconfirmed", "Not confirmed"),
    ("new", "New"),
    ("in_progress", "In progress"),
    ("done", "Done"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
]
CHANNELS = [
    ("page", "Preferences page"),
    ("portal", "Portal"),
    ("mail", "E-mail"),
    ("letter", "Letter"),
    ("call", "Phone call"),
]
# GDPR Art. 12(3): one month, extendable once by two further months
TERM = relativedelta(months=1)
EXTENSION = relativedelta(months=2)
# what officers arrange between themselves; all else only named methods write
FREE_FIELDS = frozenset({"user_id"})
FREE_PREFIXES = ("message_", "activity_")


class PrivacyRequest(models.Model):
    """What a person asks of us (GDPR Art. 15 to 22), with a deadline.

    Requests are made by :meth:`_make` alone and change by named methods alone, whoever
    asks. They are never deleted: they prove that the person was answered in time.
    """

    _name = "privacy.request"
    _description = "Privacy request"
    _inherit = ["mail.thread", "mail.activity.mixin", "consent.subject.row.mixin"]
    _order = "deadline, id"
    _mail_post_access = "read"
    _keeps_rows_of_deleted_subjects = True

    name = fields.Char("Reference", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, tracking=True)
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        tracking=True,
        index=True,
        group_expand="_expand_states",
    )
    email = fields.Char("Address that asked", readonly=True)
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    date = fields.Datetime("Received on", required=True, readonly=True)
    deadline = fields.Date(required=True, readonly=True, tracking=True)
    extended_reason = fields.Text("Why it was extended", readonly=True)
    closed_at = fields.Datetime("Closed on", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref(OFFICER).ids),
            ("share", "=", False),
        ],
        tracking=True,
        index="btree_not_null",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    has_locked = fields.Boolean(
        readonly=True, help="The contact was locked by this request and no other."
    )
    is_open = fields.Boolean(compute="_compute_is_open")
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue"
    )

    _subject_idx = models.Index("(res_model, res_id)")
    _one_open = models.UniqueIndex(
        "(res_model, res_id, kind)"
        " WHERE state IN ('unconfirmed', 'new', 'in_progress')",
        "The person has an open request of this kind already.",
    )

    @api.depends("state")
    def _compute_is_open(self):
        for request in self:
            request.is_open = request.state in OPEN_REQUEST

    @api.depends("state", "deadline")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for request in self:
            pending = request.state in PENDING_REQUEST
            request.is_overdue = pending and request.deadline < today

    def _search_is_overdue(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        today = fields.Date.context_today(self)
        return [("state", "in", PENDING_REQUEST), ("deadline", "<", today)]

    @api.constrains("user_id")
    def _check_owner(self):
        for request in self:
            if request.user_id and not request.user_id.has_group(OFFICER):
                raise ValidationError(
                    self.env._(
                        "%s is no privacy officer and cannot own a request.",
                        request.user_id.name,
                    )
                )

    def _expand_states(self, states, domain):
        """An empty column is worth seeing where work waits."""
        return [state for state, _label in STATES if state != "unconfirmed"]

    # ------------------------------------------------------------------
    # Guarding
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        raise UserError(self._guarded_message())

    def write(self, vals):
        if any(
            name not in FREE_FIELDS and not name.startswith(FREE_PREFIXES)
            for name in vals
        ):
            raise UserError(self._guarded_message())
        return super().write(vals)

    def unlink(self):
        raise UserError(self._guarded_message())

    @api.model
    def _guarded_message(self):
        return self.env._(
            "Privacy requests are recorded and closed by their own actions, and never "
            "deleted."
        )

    def _set(self, vals):
        """Write what nobody else may; callers check who asks.

        :param dict vals: any values
        """
        return super().write(vals)

    def _discard(self):
        """Delete what has turned out to be nobody's request."""
        return super().unlink()

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------

    @api.model
    def _open_for(self, subjects):
        """:param subjects: subjects of one model, any number
        :return: their open requests, as superuser
        """
        # superuser: callers are the person, or have checked who may see the subject
        return self.sudo().search(
            [
                ("res_model", "=", subjects._name),
                ("res_id", "in", subjects.ids),
                ("state", "in", OPEN_REQUEST),
            ]
        )

    @api.model
    def _make(self, subjects, kind, channel, *, state="new", email=None, date=None):
        """Record what persons ask for; the one way in, for whoever took it.

        A person has one open request of a kind: who asks again gets that one.

        :param subjects: subjects of one model, any number
        :param str kind: one of KINDS
        :param str channel: one of CHANNELS
        :param str state: "new", or "unconfirmed" while the person must still prove
            that the address is theirs
        :param str email: the address that asked; the subject's own by default
        :param datetime date: when it was received; now by default
        :return: one request per subject, as superuser; former ones that were still
            open among them
        """
        return self._make_all(
            [subjects], kind, channel, state=state, email=email, date=date
        )

    @api.model
    def _make_all(self, groups, kind, channel, *, state="new", email=None, date=None):
        """As :meth:`_make`, for subjects of several models.

        :param list groups: recordsets
        """
        found = made = self.sudo().browse()
        for subjects in groups:
            opened = self._open_for(subjects).filtered(lambda r: r.kind == kind)
            missing = subjects.sudo() - subjects.browse(opened.mapped("res_id")).sudo()
            vals_list = [
                self._prepare(subject, kind, channel, state, email, date)
                for subject in missing
            ]
            found |= opened
            made |= self.sudo()._insert(vals_list)
        if state != "unconfirmed":
            (made | found.filtered(lambda r: r.state == "unconfirmed"))._begin()
        return found | made

    def _insert(self, vals_list):
        """:raise ConcurrencyError: when somebody makes the same request at the same
        time; Odoo runs the call again, and it finds theirs"""
        try:
            with self.env.cr.savepoint():
                return super().create(vals_list)
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error

    def _prepare(self, subject, kind, channel, state, email, date):
        """:return: values of a new request"""
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
        for kind, requests in self.grouped("kind").items():
            if begin := getattr(requests, f"_begin_{kind}", None):
                begin()
        self._acknowledge()

    def _acknowledge(self):
        """Tell the persons, each once: one may have several records."""
        for same in self.grouped(
            lambda r: (r.email or r.id, r.kind, r.deadline, r.company_id)
        ).values():
            names = ", ".join(same.mapped("name"))
            same[0]._tell(
                "privacy_guard.mail_template_request_received", reference=names
            )
