from odoo import fields, models
from odoo.exceptions import UserError


class PrivacyErasure(models.Model):
    """What an officer reads before confirming: totals, section by section (ERA-1)."""

    _inherit = "privacy.erasure"

    own_ids = fields.One2many(
        "privacy.erasure.total",
        "erasure_id",
        "The record of the person",
        domain=[("section", "=", "own")],
    )
    undecided_ids = fields.One2many(
        "privacy.erasure.total",
        "erasure_id",
        "Nobody has declared this",
        domain=[("section", "=", "undecided")],
    )
    goes_ids = fields.One2many(
        "privacy.erasure.total", "erasure_id", domain=[("section", "=", "goes")]
    )
    stays_ids = fields.One2many(
        "privacy.erasure.total",
        "erasure_id",
        domain=[("section", "=", "stays")],
    )
    technical_ids = fields.One2many(
        "privacy.erasure.total",
        "erasure_id",
        domain=[("section", "=", "technical")],
    )

    def action_find_again(self):
        """Search again for what is held, as it is declared now.

        :raise AccessError: for anybody but a privacy officer who may see it
        :raise UserError: it was confirmed already
        """
        self.env["ir.model.fields"]._privacy_check_officer()
        self.ensure_one()
        self.check_access("read")
        if self.state != "draft":
            raise UserError(
                self.env._("%s is not a dry run any more.", self.display_name)
            )
        # superuser: also what other models have, which the officer may not read
        people = self.subject_ids.sudo().filtered(lambda row: row.state == "pending")
        people._find_lines(people._terms())
