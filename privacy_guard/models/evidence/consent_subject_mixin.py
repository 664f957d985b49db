from odoo import fields, models
from odoo.tools import SQL


class ConsentSubjectMixin(models.AbstractModel):
    """The evidence about a person."""

    _inherit = "consent.subject.mixin"

    consent_event_ids = fields.Many2many(
        "consent.event",
        string="Consent timeline",
        compute="_compute_consent_event_ids",
        groups="privacy_guard.group_privacy_user",
    )

    def _compute_consent_event_ids(self):
        """All evidence about the person, also of contacts merged into this one."""
        Event = self.env["consent.event"]
        for subject in self:
            ids = subject._privacy_merged_ids()
            subject.consent_event_ids = Event.search(
                [("res_model", "=", self._name), ("res_id", "in", ids)]
            )

    def action_privacy_proofs(self):
        """Have the proof packs of these people made in the background (EVI-4).

        :return: action that shows how far they are
        :raise AccessError: for anybody but a privacy officer who may read them
        """
        self.check_access("read")
        people = {(self._name, id_): None for id_ in self.ids}
        return self.env["consent.proof.order"]._ask(people)._show()

    def _privacy_merged_ids(self):
        """:return: own id and those of all contacts merged into this one; none for a
        contact that is not saved yet"""
        self.ensure_one()
        if not self._origin:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE merged (id) AS (
                    SELECT %(id)s
                     UNION
                    SELECT event.merged_res_id
                      FROM consent_event event
                      JOIN merged ON merged.id = event.res_id
                     WHERE event.res_model = %(model)s
                       AND event.merged_res_id IS NOT NULL
                )
                SELECT id FROM merged
                """,
                id=self._origin.id,
                model=self._name,
            )
        )
        return [row[0] for row in rows]
