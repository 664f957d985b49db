from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every
from odoo.tools.constants import GC_UNLINK_LIMIT

from ...constants import MAIL_CLASSES
from ...fields.unbound import UnboundMany2one
from ...tools import addresses

# Fines for what was sent, and most claims, lapse after three years.
DEFAULT_MONTHS = 36
# Among the data of a transaction: what it has decided.
_NOTED = "privacy_guard.decisions"
COLUMNS = (
    *("date", "channel", "message_class", "rule_version", "company_id"),
    *("res_model", "res_id", "address_hash", "purpose_id", "event_id", "notice_id"),
    *("mailing_model", "mailing_id", "content_hash"),
)


class PrivacyDecision(models.Model):
    """Why one marketing message was let go to one address (EVI-5, GDPR Art. 5(2)).

    A row is part of the transaction in which the message leaves. Nobody edits it: the
    ORM refuses, and so does a trigger in the database, which lets rows go once they
    are old enough. They are no leaves of the log: its leaves are for good.
    """

    _name = "privacy.decision"
    _description = "Decision to send marketing"
    _inherit = ["consent.frozen.mixin", "consent.subject.row.mixin"]
    _order = "id desc"
    _log_access = False
    _rec_name = "date"
    _keeps_rows_of_deleted_subjects = True

    # when the gate decided; the message left within moments
    date = fields.Datetime(required=True, readonly=True)
    # all there are: rows stay as they are when an add-on goes
    channel = fields.Selection(
        [("mail", "E-mail"), ("sms", "Text message")], required=True, readonly=True
    )
    message_class = fields.Selection(
        MAIL_CLASSES, "Class", required=True, readonly=True
    )
    rule_version = fields.Integer(
        "Version of the rule", required=True, readonly=True, aggregator=None
    )
    company_id = UnboundMany2one("res.company", required=True, readonly=True)
    # keyed, as of the address that has proven an answer
    address_hash = fields.Char("Hash of the address", required=True, readonly=True)
    address = fields.Char(
        "Sent to",
        compute="_compute_address",
        search="_search_address",
        help="Whoever knows the address finds what was sent there.",
    )
    # empty where no consent about the channel applies to the person
    purpose_id = UnboundMany2one("consent.purpose", "Consent", readonly=True)
    # these two never change
    event_id = fields.Many2one(
        "consent.event", "Rests on", readonly=True, ondelete="restrict"
    )
    notice_id = fields.Many2one(
        "consent.notice", "Text", readonly=True, ondelete="restrict"
    )
    mailing_model = fields.Char("Model of the mailing", readonly=True)
    mailing_id = fields.Many2oneReference(model_field="mailing_model", readonly=True)
    content_hash = fields.Char("Hash of subject and text", required=True, readonly=True)

    _subject_idx = models.Index("(res_model, res_id)")
    _address_idx = models.Index("(address_hash)")
    _date_idx = models.Index("(date)")

    @api.private
    def init(self):
        self._refuse_changes_in_database("UPDATE OR TRUNCATE")
        # a month is the shortest time that the setting takes
        self.env.cr.execute(
            """
            CREATE OR REPLACE TRIGGER privacy_guard_kept
            BEFORE DELETE ON privacy_decision FOR EACH ROW
            WHEN (OLD.date > now() AT TIME ZONE 'UTC' - interval '1 month')
            EXECUTE FUNCTION privacy_guard_append_only()
            """
        )

    def _compute_address(self):
        """Nobody kept it."""
        self.address = False

    def _search_address(self, operator, value):
        if operator not in ("=", "in", "ilike"):
            return NotImplemented
        texts = [value] if isinstance(value, str) else value
        events = self.env["consent.event"]
        found = [
            events._address_hash(address)
            for text in filter(None, texts)
            for address in addresses.find(text) or [text]
        ]
        return Domain("address_hash", "in", found)

    def _visible_domain(self, by_page=False):
        others = Domain("res_model", "not in", self._subject_models())
        return super()._visible_domain(by_page) | others

    def _search(self, *args, **kwargs):
        self._insert_noted()
        return super()._search(*args, **kwargs)

    # ------------------------------------------------------------------
    # Noting
    # ------------------------------------------------------------------

    @api.model
    def _note(self, rows):
        """Note messages that leave; all of a transaction are one statement.

        :param list rows: dicts of ``COLUMNS``
        """
        precommit = self.env.cr.precommit
        if _NOTED not in precommit.data:
            precommit.data[_NOTED] = []
            precommit.add(self._insert_noted)
        precommit.data[_NOTED] += rows

    @api.model
    def _insert_noted(self):
        noted = self.env.cr.precommit.data.get(_NOTED) or []
        rows, noted[:] = list(noted), []
        for some in split_every(1000, rows):
            self.env.execute_query(
                SQL(
                    "INSERT INTO privacy_decision (%s) VALUES %s RETURNING id",
                    SQL(", ").join(map(SQL.identifier, COLUMNS)),
                    SQL(", ").join(
                        SQL("%s", tuple(row[name] for name in COLUMNS)) for row in some
                    ),
                )
            )
        if rows:
            self.invalidate_model(flush=False)

    # ------------------------------------------------------------------
    # Forgetting
    # ------------------------------------------------------------------

    @api.model
    def _months(self):
        """:return: how long decisions are kept; a setting, never for ever"""
        months = self.env["consent.run"]._number("decision_months", 0)
        return int(months) or DEFAULT_MONTHS

    @api.autovacuum
    def _gc_old(self):
        """What is older than is needed to answer for it (GDPR Art. 5(1)(e)).

        :return: (how many went, whether there may be more), as Odoo asks
        """
        # the clock of the trigger
        before = self.env.cr.now() - relativedelta(months=self._months())
        gone = self.env.execute_query(
            SQL(
                """DELETE FROM privacy_decision WHERE id IN (
                       SELECT id FROM privacy_decision WHERE date < %s
                     ORDER BY date LIMIT %s)
                RETURNING id""",
                before,
                GC_UNLINK_LIMIT,
            )
        )
        self.invalidate_model(flush=False)
        return len(gone), int(len(gone) == GC_UNLINK_LIMIT)
