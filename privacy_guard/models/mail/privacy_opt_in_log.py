from odoo import fields, models

from ...constants import OPT_IN

SOURCES = [
    ("user", "User"),
    ("form", "Web form"),
    ("confirmation", "Confirmation page"),
    ("unsubscribe", "Unsubscribe link"),
    ("complaint", "Complaint"),
    ("address", "Address changed"),
    ("merge", "Contacts merged"),
]


class PrivacyOptInLog(models.Model):
    """Every change of an e-mail opt-in: when, by whom, and how."""

    _name = "privacy.opt.in.log"
    _description = "E-mail opt-in change"
    _inherit = ["consent.frozen.mixin", "consent.subject.row.mixin"]
    _order = "id desc"
    _log_access = False
    # where the former and the new value are
    _value_from, _value_to = "value_from", "value_to"

    date = fields.Datetime(required=True, readonly=True)
    value_from = fields.Selection(OPT_IN, required=True, readonly=True)
    value_to = fields.Selection(OPT_IN, required=True, readonly=True)
    source = fields.Selection(SOURCES, required=True, readonly=True)
    # nobody, when it was the person
    user_id = fields.Many2one("res.users", readonly=True)

    _subject_idx = models.Index("(res_model, res_id)")
