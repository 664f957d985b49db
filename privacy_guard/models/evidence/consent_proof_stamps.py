from odoo import api, models
from odoo.tools import SQL


class ConsentProof(models.AbstractModel):
    """Since when what a person answered has been there, says an authority outside: the
    first time stamp that covers it, not the last one."""

    _inherit = "consent.proof"

    @api.model
    def _answers(self, chains):
        """:return: the events of chains by which people have answered"""
        events = self.env["consent.event"].union(*chains.values())
        return events.filtered(lambda event: event.kind == "answer").sorted("id")

    @api.model
    def _stamps(self, events):
        """:return: {id of the event: the first ``consent.stamp`` that covers it, as
        superuser}, without those that nobody has stamped"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT leaf.event_id, first.id
                  FROM consent_log_leaf leaf
            CROSS JOIN LATERAL (
                       SELECT stamp.id
                         FROM consent_stamp stamp
                         JOIN consent_log_checkpoint signed
                           ON signed.id = stamp.checkpoint_id
                        WHERE stamp.state = 'stamped' AND signed.size > leaf.leaf_index
                     ORDER BY signed.id
                        LIMIT 1
                       ) AS first
                 WHERE leaf.event_id = ANY(%s)
              ORDER BY leaf.event_id
                """,
                events.ids,
            )
        )
        # superuser: what is published
        stamps = self.env["consent.stamp"].sudo()
        return {event_id: stamps.browse(id_) for event_id, id_ in rows}

    @api.model
    def _stamp_files(self, chains):
        """:return: {name: content as bytes}: of each answer what was stamped, its time
        stamp, and the proof that it covers the answer"""
        stamps, files = self._stamps(self._answers(chains)), {}
        # superuser: the places of events that the officer may read
        leaves = self.env["consent.log.leaf"].sudo()
        found = leaves.search([("event_id", "in", list(stamps))])
        for stamp, covered in found.grouped(lambda leaf: stamps[leaf.event_id]).items():
            own, signed = stamp._files(), stamp.checkpoint_id
            proofs = signed._prove_within(covered, signed.note)
            for leaf in covered:
                name, text = f"event-{leaf.event_id}", proofs[leaf.leaf_index]
                files[f"{name}-stamped.tlog-proof"] = text.encode()
                files[f"{name}.tst"] = own["stamped.tst"]
                files[f"{name}.txt"] = own["stamped.txt"]
        return files
