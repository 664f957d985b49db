from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...data_map.personal_data import TREATMENTS

SECTIONS = [
    ("own", "The record of the person"),
    ("undecided", "Nobody has declared this"),
    ("goes", "Goes"),
    ("stays", "Stays"),
    ("technical", "Technical"),
]
# Reasons that nobody needs to weigh.
TECHNICAL = ("temporary", "pseudonymous")


class PrivacyErasureTotal(models.Model):
    """Lines of an erasure, added up: how many rows of a model are treated how, and why.
    A row counts once, however many of the people it is about."""

    _name = "privacy.erasure.total"
    _description = "Total of what an erasure treats"
    _inherit = ["privacy.visible.mixin"]
    _auto = False
    _order = "row_count desc, res_model, id"

    erasure_id = fields.Many2one("privacy.erasure", readonly=True)
    section = fields.Selection(SECTIONS, readonly=True)
    res_model = fields.Char("Model", readonly=True)
    model_label = fields.Char("Kind", compute="_compute_labels")
    row_count = fields.Integer("Rows", readonly=True)
    columns = fields.Char("Technical names", readonly=True)
    field_labels = fields.Char("Fields", compute="_compute_labels")
    treatment = fields.Selection(TREATMENTS, readonly=True)
    reason = fields.Char("Kind of reason", readonly=True)
    reason_label = fields.Char("Because", compute="_compute_labels")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT min(line.id) AS id, line.erasure_id, line.res_model, line.treatment,
                   line.reason, line.section, count(DISTINCT line.res_id) AS row_count,
                   string_agg(DISTINCT line.columns, ', ') AS columns
              FROM (SELECT line.*,
                           CASE WHEN line.res_model = subject.res_model
                                 AND line.res_id = subject.res_id THEN 'own'
                                WHEN line.treatment = 'undecided' THEN 'undecided'
                                WHEN line.reason = ANY(%s) THEN 'technical'
                                WHEN line.treatment = 'keep' THEN 'stays'
                                ELSE 'goes' END AS section
                      FROM privacy_erasure_line line
                      JOIN privacy_erasure_subject subject
                        ON subject.id = line.subject_id) AS line
             GROUP BY line.erasure_id, line.res_model, line.treatment, line.reason,
                      line.section
            """,
            list(TECHNICAL),
        )

    def _visible_domain(self, by_page=False):
        return Domain("erasure_id", "in", self.env["privacy.erasure"]._search([]))

    @api.depends("res_model", "columns", "reason")
    def _compute_labels(self):
        self.env["privacy.data.map"]._label(self)

    def action_open_lines(self):
        """:return: action that lists the rows, one by one"""
        self.ensure_one()
        action = self.erasure_id.action_open_lines()
        names = ("erasure_id", "res_model", "treatment", "reason")
        values = [self.erasure_id.id, *(self[name] for name in names[1:])]
        domain = [(name, "=", value) for name, value in zip(names, values, strict=True)]
        return {**action, "domain": domain}

    def action_decide(self):
        """:return: action that opens a new declaration of this model"""
        self.ensure_one()
        return self.env["privacy.declaration"]._dialogue(self.res_model)
