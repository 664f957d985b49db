from odoo import models
from odoo.tools import SQL

from ...attempts import held_reason


class ConsentImportLine(models.Model):
    """Passing over what another transaction holds: a user who saves, another job."""

    _inherit = "consent.import.line"

    def _lock(self):
        """Lock these lines, their consents, and the people of whom an answer empties or
        fills a field.

        :return: those of which nobody holds any of it; the others say that they wait
        """
        consents = self._consents()
        held = {
            "consent.import.line": self._held_ids(self._name, self.ids),
            "consent.record": self._held_ids("consent.record", consents.ids),
        }
        concerned = self.filtered("purpose_id.field_id")
        for name, lines in concerned.grouped("res_model").items():
            held[name] = self._held_ids(name, lines.mapped("res_id"))
        waiting = self._consents_of(consents, held["consent.record"])
        free = self.filtered(
            lambda line: (
                line.id not in held["consent.import.line"]
                and (line.res_model, line.res_id, line.purpose_id.id) not in waiting
                and (
                    line not in concerned
                    or line.res_id not in held.get(line.res_model, ())
                )
            )
        )
        (self - free)._note_held(held["consent.import.line"])
        return free

    def _note_held(self, locked_ids):
        """:param locked_ids: of the lines that cannot be written themselves"""
        told = held_reason(self.env)
        waiting = self.filtered(
            lambda line: line.id not in locked_ids and line.reason != told
        )
        waiting.reason = told

    def _consents(self):
        return self.env["consent.record"].search(
            [
                ("res_model", "in", self.mapped("res_model")),
                ("res_id", "in", self.mapped("res_id")),
                ("purpose_id", "in", self.purpose_id.ids),
            ]
        )

    def _consents_of(self, consents, ids):
        """:return: set of (model, id, purpose id) of those of the consents"""
        return {
            (consent.res_model, consent.res_id, consent.purpose_id.id)
            for consent in consents
            if consent.id in ids
        }

    def _held_ids(self, model_name, ids):
        """Lock rows, in the order in which all of us do.

        :return: set of the ids of those that others hold
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH free AS MATERIALIZED (
                    SELECT id FROM %(table)s WHERE id = ANY(%(ids)s)
                     ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)
                SELECT id FROM %(table)s
                 WHERE id = ANY(%(ids)s) AND id NOT IN (SELECT id FROM free)
                """,
                table=SQL.identifier(self.env[model_name]._table),
                ids=list(ids),
            )
        )
        return {id_ for (id_,) in rows}
