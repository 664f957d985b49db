# The refusals stand in for their super methods, which others call, on purpose.
# pylint: disable=method-required-super,no-raise-unlink,super-method-mismatch
from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from psycopg2.errors import UniqueViolation

from ...constants import OFFICER, OPEN_REQUEST, PENDING_REQUEST
from ...readers import reader_lang
from ...tools.request_handler import RequestHandler

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
# how a request reaches an officer; the others come in by themselves
BY_HAND = ("mail", "letter", "call")
# what officers arrange between themselves; all else only named methods write
FREE_FIELDS = frozenset({"user_id"})
FREE_PREFIXES = ("message_", "activity_")


class PrivacyRequest(models.Model):
    """What a person asks of us (GDPR Art. 15 to 22), with a deadline.

    It names one record of the person, and is about all that are in ``subject_ids``.

    Requests are made by :meth:`_make` alone and change by named methods alone, whoever
    asks. They are never deleted: they prove that the person was answered in time.
    """

    _name = "privacy.request"
    _description = "Privacy request"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "consent.subject.row.mixin",
        "privacy.queue.mixin",
    ]
    _job_cron = "privacy_guard.ir_cron_overdue_requests"
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
    subject_ids = fields.One2many(
        "privacy.request.subject", "request_id", "About", readonly=True
    )
    subject_count = fields.Integer("Records", compute="_compute_subject_count")
    is_open = fields.Boolean(compute="_compute_is_open")
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue"
    )

    _subject_idx = models.Index("(res_model, res_id)")

    @api.depends("subject_ids")
    def _compute_subject_count(self):
        for request in self:
            request.subject_count = len(request.subject_ids)

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
        """Nothing but what officers arrange between themselves."""
        if any(
            name not in FREE_FIELDS and not name.startswith(FREE_PREFIXES)
            for name in vals
        ):
            raise UserError(self._guarded_message())
        result = super().write(vals)
        if "user_id" in vals:
            self._hand_over_activities()
        return result

    def unlink(self):
        raise UserError(self._guarded_message())

    @api.model
    def _guarded_message(self):
        return self.env._(
            "Privacy requests are recorded and closed by their own actions, and never "
            "deleted."
        )

    def _add(self, vals_list):
        """Make what nobody else may.

        :raise ConcurrencyError: when somebody makes the same request at the same
            time; Odoo runs the call again, and it finds theirs
        """
        try:
            with self.env.cr.savepoint():
                return super().create(vals_list)
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error

    def _set(self, vals):
        """Write what nobody else may; callers check who asks.

        :param dict vals: any values
        """
        for requests in self._to_readers():
            super(PrivacyRequest, requests).write(vals)
        return True

    def _discard(self):
        """Delete what has turned out to be nobody's request."""
        return super().unlink()

    def _to_readers(self):
        """The history of a request is for those who work on it: what a visitor does is
        written in the language of the company, not in the visitor's.

        :return: list of these requests, one recordset per language
        """
        # superuser: a visitor reads no request
        languages = self.grouped(lambda r: reader_lang(r.env, r.sudo().company_id))
        return [
            requests.with_context(lang=lang) for lang, requests in languages.items()
        ]

    def _creation_message(self):
        [request] = self._to_readers()
        return super(PrivacyRequest, request)._creation_message()

    def _officer(self):
        """:return: the user whose companies the request reaches; none when the person
        has made it by a proof of their own"""
        return self.create_uid.filtered(lambda user: self.channel in BY_HAND)

    def _is_of_all_companies(self):
        officer = self._officer()
        return not officer or officer._privacy_is_in_all_companies()

    # ------------------------------------------------------------------
    # Kinds
    # ------------------------------------------------------------------

    def _handlers(self):
        """What is done by itself about requests of each kind, and the hook for it: the
        room of each right, or an add-on, adds its kind. A kind without is a note with a
        deadline, for an officer.

        :return: {kind: RequestHandler}, its methods bound to these requests
        """
        return {}

    def _handled(self):
        """:return: list of the handlers of these requests, one per kind"""
        by_hand = RequestHandler()
        return [
            requests._handlers().get(kind, by_hand)
            for kind, requests in self.grouped("kind").items()
        ]
