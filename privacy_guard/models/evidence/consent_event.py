from odoo import api, fields, models
from odoo.tools import SQL, hmac

from ...access import check_officer
from ..consent.consent_record import VALUES

KINDS = [
    ("apply", "Applies"),
    ("lapse", "Ceased to apply"),
    ("restore", "Applies again"),
    ("request", "Asked"),
    ("remind", "Reminded"),
    ("undelivered", "Request not delivered"),
    ("answer", "Answered"),
    ("prefer", "Preference"),
    ("review", "Text revised"),
    ("told", "Told of the revised text"),
    ("reset", "To be asked again"),
    ("peace", "Left in peace"),
    ("expiring", "Told of the end"),
    ("expire", "Ended"),
    ("purchase", "Purchase"),
    ("inquiry", "Inquiry"),
    ("elapse", "Relationship over"),
    ("unrelate", "Relationship withdrawn"),
    ("merge", "Contacts merged"),
    ("destroy", "Withheld value destroyed"),
]
SOURCES = [
    ("system", "Automatic"),
    ("preferences", "Preferences page"),
    ("portal", "Portal"),
    ("one_click", "One-click unsubscribe"),
    ("complaint", "Complaint"),
    ("sms", "Text message"),
    ("officer", "Officer"),
    ("user", "User"),
    ("web_form", "Web form"),
    ("import", "Import"),
    ("api", "API"),
]
# what people do themselves; all else is recorded about them
OWN = ("preferences", "portal", "one_click", "web_form")
# by a link to which address whoever answered has proven who they are
ADDRESSES = [
    ("present", "A link to the present address"),
    ("other", "A link to another address than the present one"),
    ("erased", "A link to an address that was erased since"),
]
BATCH = 100_000  # events looked at by one statement
LOWEST, HIGHEST = -(2**31), 2**31 - 1  # of PostgreSQL's integer


class ConsentEvent(models.Model):
    """One immutable line of evidence (GDPR Art. 7(1)).

    Events are appended by ``consent.record._apply_changes`` alone. The ORM refuses
    every other way, and so does a trigger in the database.
    """

    _name = "consent.event"
    _description = "Consent event"
    _inherit = ["consent.frozen.mixin", "consent.subject.row.mixin"]
    _order = "id desc"
    _log_access = False
    _keeps_rows_of_deleted_subjects = True

    purpose_id = fields.Many2one(
        "consent.purpose", "Consent", required=True, readonly=True, ondelete="restrict"
    )
    sequence = fields.Integer("Number", required=True, readonly=True, aggregator=None)
    date = fields.Datetime(required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    value_from = fields.Selection(VALUES, "From", readonly=True)
    value_to = fields.Selection(VALUES, "To", required=True, readonly=True)
    source = fields.Selection(SOURCES, required=True, readonly=True)
    # Empty for what the person did: their portal user may be deleted, evidence not.
    user_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    notice_id = fields.Many2one(
        "consent.notice", "Text", readonly=True, ondelete="restrict"
    )
    evidence_hash = fields.Char("Personal evidence", readonly=True)
    merged_res_id = fields.Integer("Merged record", readonly=True, aggregator=None)
    # keyed, of the address that whoever answered has proven by a link
    address_hash = fields.Char("Proven address", readonly=True)
    address_match = fields.Selection(
        ADDRESSES,
        "Proven by",
        compute="_compute_address_match",
        groups="privacy_guard.group_privacy_user",
    )
    # of an answer that was recorded later, or taken over; else the date of the event
    answered_at = fields.Datetime("Answered on", readonly=True)
    version = fields.Integer(
        "Version of the format", required=True, readonly=True, aggregator=None
    )
    previous_hash = fields.Char(readonly=True)
    hash = fields.Char(required=True, readonly=True)
    evidence_ids = fields.Many2many(
        "consent.evidence",
        string="Evidence given",
        compute="_compute_evidence_ids",
        groups="privacy_guard.group_privacy_officer",
    )

    _chain_uniq = models.UniqueIndex(
        "(res_model, res_id, purpose_id, sequence)",
        "Every event of a consent has a number of its own.",
    )
    # links follow whoever was merged
    _merged_idx = models.Index("(merged_res_id) WHERE merged_res_id IS NOT NULL")

    @api.private
    def init(self):
        self._refuse_changes_in_database()

    @api.depends("purpose_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            event.display_name = f"{event.purpose_id.name}: {kinds[event.kind]}"

    def _compute_evidence_ids(self):
        digests = [event.evidence_hash for event in self if event.evidence_hash]
        found = self.env["consent.evidence"].search([("digest", "in", digests)])
        by_digest = found.grouped("digest")
        for event in self:
            event.evidence_ids = by_digest.get(event.evidence_hash, found.browse())

    @api.model
    def _address_hash(self, address):
        """:param str address: normalised
        :return: what an event holds of it"""
        # superuser: the key is no user's to read
        return hmac(self.env(su=True), "privacy_guard.event_address", address)

    def _compute_address_match(self):
        """Whether the answer was proven by the address that the person has now."""
        self.address_match = False
        proven = self.filtered("address_hash")
        for name, events in proven.grouped("res_model").items():
            if name not in self._subject_models():
                continue
            people = self.env[name].browse(set(events.mapped("res_id"))).exists()
            hashes = {
                id_: self._address_hash(address)
                for id_, address in people._privacy_emails().items()
                if address
            }
            # nobody can tell any more which address an erased person had
            erased = set((people.browse(events.mapped("res_id")) - people).ids)
            erased.update(people.filtered(lambda p: p.privacy_status == "erased").ids)
            for event in events:
                is_present = hashes.get(event.res_id) == event.address_hash
                gone = "erased" if event.res_id in erased else "other"
                event.address_match = "present" if is_present else gone

    # ------------------------------------------------------------------
    # Reading all of it
    # ------------------------------------------------------------------

    @api.model
    def _check_officer(self):
        """:raise AccessError: for anybody but a privacy officer"""
        refusal = self.env._("Only a privacy officer can do this.")
        check_officer(self.env, refusal, or_superuser=True)

    @api.model
    def _check_subject(self, res_model, res_id):
        """The evidence about a person is for officers who may read the person.

        :raise AccessError: for everybody else
        """
        self._check_officer()
        if res_model in self._subject_models():
            self.env[res_model].browse(res_id).exists().check_access("read")

    @api.model
    def _windows(self, res_model=None, res_id=None, after=None):
        """Cut the evidence into windows of whole chains, in the order of the ledger.

        Each is read along the index of chains, so that no statement sorts.

        :param tuple after: (model, highest id) of the window to go on behind
        :return: iterator of (model, lowest id, highest id) of subjects
        """
        if res_model:
            yield res_model, res_id, res_id
            return
        rows = self.env.execute_query(
            SQL(
                "SELECT res_model FROM consent_event"
                " UNION SELECT res_model FROM consent_record"
            )
        )
        # sorted here: the order of texts in the database depends on its collation
        last_model, last_id = after or ("", LOWEST - 1)
        for (model,) in sorted(rows):
            if model < last_model:
                continue
            low = last_id + 1 if model == last_model else LOWEST
            while low <= HIGHEST:
                high = self._end_of_window(model, low)
                yield model, low, high
                low = high + 1

    @api.model
    def _end_of_window(self, model, low):
        rows = self.env.execute_query(
            SQL(
                "SELECT res_id FROM consent_event WHERE res_model = %s AND res_id >= %s"
                " ORDER BY res_id OFFSET %s LIMIT 1",
                model,
                low,
                BATCH,
            )
        )
        return rows[0][0] if rows else HIGHEST

    @api.model
    def _count_in(self, window):
        """:return: number of events in a window"""
        within = self._within(window)
        query = SQL("SELECT count(*) FROM consent_event event WHERE %s", within)
        return self.env.execute_query(query)[0][0]

    @api.model
    def _within(self, window):
        """:return: SQL condition on a table or alias named ``event``"""
        return SQL(
            "event.res_model = %s AND event.res_id BETWEEN %s AND %s",
            *window,
        )
