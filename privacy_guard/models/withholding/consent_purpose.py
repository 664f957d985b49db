from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# What decides whether values are withheld.
SWITCHES = frozenset({"active", "default_selection"})


class ConsentPurpose(models.Model):
    """Which consents withhold values while people are asked, and what that means for
    conditions and for switching on and off."""

    _inherit = "consent.purpose"

    withholding_count = fields.Integer(
        "Values to be withheld",
        compute="_compute_withholding_count",
        help="Contacts that you may read, have a value and have not answered yet.",
    )

    # Values of people who were asked, or refused, while it was off are still there.
    to_enforce = fields.Boolean(copy=False, readonly=True)

    @api.depends("kind", "field_id", "default_selection", "condition", "company_id")
    @api.depends_context("uid")
    def _compute_withholding_count(self):
        # a failure takes along what was assigned before: all is counted first
        counts = [
            purpose._count_to_withhold() if purpose._withholds() else 0
            for purpose in self
        ]
        for purpose, count in zip(self, counts, strict=True):
            purpose.withholding_count = count

    def _withholds(self):
        """:return: whether asking takes a value off the contact"""
        self.ensure_one()
        return bool(self.field_id) and self.default_selection == "no"

    def _count_to_withhold(self):
        """Of people whom the user may read, in any of their companies: who looks at the
        count may be typing the conditions, and would learn by them what others have.

        :return: number of values that asking will withhold
        """
        # superuser: definitions of fields are not every user's to read
        field = self.sudo().field_id
        companies = self.env.user.company_ids.filtered("active")
        user = self.with_context(allowed_company_ids=companies.ids)
        answered = user.env["consent.record"]._search(
            [
                ("res_model", "=", field.model),
                ("purpose_id", "=", self._origin.id),
                ("answer", "!=", False),
            ]
        )
        try:
            holding = (
                user._target_domains()[field.model]
                & Domain(field.name, "!=", False)
                & Domain("id", "not in", answered.subselect("res_id"))
            )
            people = user.env[field.model]
            return user._evaluate(partial(people.search_count, holding))
        except (UserError, ValueError):  # no right on them, or no conditions
            return 0

    # ------------------------------------------------------------------
    # Conditions
    # ------------------------------------------------------------------

    def _applying_domain(self, model, people=None):
        """Whom the purpose applies to, a withheld value counted as there: or asking for
        it would end the consent whose condition is that there is one.

        :param people: as for :meth:`_target_domain`
        :return: Domain
        :raise ValidationError: when the conditions are no domain
        """
        guarded = self._guarded_fields(model._name)

        def met(condition):
            behind = self._fields_behind(model, condition.field_expr.split(".")[0])
            names = guarded & behind
            return (
                condition | model._privacy_withheld_domain(names)
                if names
                else condition
            )

        return self._target_domain(model, people).map_conditions(met)

    # ------------------------------------------------------------------
    # Switching on and off
    # ------------------------------------------------------------------

    @api.model
    def _with_enforcement(self, vals):
        """:return: the values to write; what was not withheld or erased while it was
        off, or by default allowed, has to be"""
        return {**vals, "to_enforce": True} if SWITCHES & vals.keys() else vals

    def _settle_withheld(self, vals):
        """After a write: bring back and withhold what the new values demand."""
        if SWITCHES & vals.keys() and self.field_id:
            # superuser: nobody has a right on what is withheld
            self.env["consent.sealed.value"].sudo()._settle()

    def action_unarchive(self):
        """Show what will be withheld before switching on. It is for people: whoever
        writes by RPC need not be asked."""
        self.check_access("write")
        withholding = self.filtered(
            lambda purpose: not purpose.active and purpose._withholds()
        )
        blocker = withholding and self.env["consent.sealed.value"]._blocker()
        counts = [purpose._count_to_withhold() for purpose in withholding]
        if not (blocker or sum(counts)):
            result = super().action_unarchive()
            self.env["consent.run"]._evaluate_at_once()
            return result
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Switch on"),
            "res_model": "consent.switch.on",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_purpose_ids": self.ids},
        }
