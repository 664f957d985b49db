from odoo import api, fields, models

from ..consent.consent_record import VALUES

KINDS = [
    ("apply", "Applies"),
    ("lapse", "Ceased to apply"),
    ("restore", "Applies again"),
    ("request", "Asked"),
    ("answer", "Answered"),
    ("review", "Text revised"),
    ("told", "Told of the revised text"),
    ("reset", "To be asked again"),
    ("merge", "Contacts merged"),
    ("destroy", "Withheld value destroyed"),
]
SOURCES = [
    ("system", "Automatic"),
    ("preferences", "Preferences page"),
    ("portal", "Portal"),
    ("one_click", "One-click unsubscribe"),
    ("officer", "Officer"),
    ("user", "User"),
    ("web_form", "Web form"),
    ("import", "Import"),
    ("api", "API"),
]


class ConsentEvent(models.Model):
    """One immutable line of evidence (GDPR Art. 7(1)).

    Events are appended by ``consent.record._apply_changes`` alone. The ORM refuses
    every other way, and so does a trigger in the database.
    """

    _name = "consent.event"
    _description = "Consent event"
    _inherit = ["consent.frozen.mixin", "consent.subject.row.mixin"]
    _order = "date desc, id desc"
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
    previous_hash = fields.Char(readonly=True)
    hash = fields.Char(required=True, readonly=True)

    _chain_uniq = models.UniqueIndex(
        "(res_model, res_id, purpose_id, sequence)",
        "Every event of a consent has a number of its own.",
    )

    @api.private
    def init(self):
        self._refuse_changes_in_database()
