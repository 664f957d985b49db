from odoo import fields, models

from .consent_record import VALUES

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
    """One immutable line of evidence."""

    _name = "consent.event"
    _description = "Consent event"
    _inherit = "consent.subject.row.mixin"
    _order = "date desc, id desc"
    _log_access = False
    _keeps_rows_of_deleted_subjects = True

    purpose_id = fields.Many2one("consent.purpose", "Consent", required=True, readonly=True)
    sequence = fields.Integer(required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    value_from = fields.Selection(VALUES, readonly=True)
    value_to = fields.Selection(VALUES, required=True, readonly=True)
    source = fields.Selection(SOURCES, required=True, readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    notice_id = fields.Many2one("consent.notice", "Text", readonly=True)
    evidence_hash = fields.Char(readonly=True)
    merged_res_id = fields.Integer("Merged record", readonly=True)
    previous_hash = fields.Char(readonly=True)
    hash = fields.Char(required=True, readonly=True)

    _chain_uniq = models.UniqueIndex(
        "(res_model, res_id, purpose_id, sequence)",
        "Every event of a consent has a number of its own.",
    )
