from odoo import api, fields, models
from odoo.fields import Domain


class ConsentRecord(models.Model):
    """The evidence of a consent; to hand out it is for officers (EVI-4)."""

    _inherit = "consent.record"

    notice_text = fields.Text("Text that was shown", related="notice_id.text")
    event_ids = fields.Many2many(
        "consent.event",
        string="Timeline",
        compute="_compute_event_ids",
        groups="privacy_guard.group_privacy_user",
    )

    def _compute_event_ids(self):
        """Its own of the person's: also of contacts merged into this one."""
        for record in self:
            person = self.env[record.res_model].browse(record.res_id)
            record.event_ids = person.consent_event_ids.filtered(
                lambda event, purpose=record.purpose_id: event.purpose_id == purpose
            )

    def action_proof_pack(self):
        """:return: action that makes the proof pack of these consents
        :raise AccessError: for anybody but an officer who may read these
        """
        self._check_evidence_reader()
        report = self.env.ref("privacy_guard.consent_proof_report")
        return report.report_action(self, config=False)

    def action_proof_packs(self):
        """Have the proof packs of these consents made in the background, one a person.

        :return: action that shows how far they are
        :raise AccessError: as above
        """
        self._check_evidence_reader()
        people = self.grouped(lambda record: (record.res_model, record.res_id))
        wanted = {person: records.ids for person, records in people.items()}
        return self.env["consent.proof.order"]._ask(wanted)._show()

    def _proof_pack(self):
        """:return: as ``consent.proof._pack``, for the document"""
        return self.env["consent.proof"]._pack(self)

    def _last_events(self):
        """:return: {consent: its last event, as superuser}: an answer stays the last
        word whatever the person prefers besides (PRF-1)"""
        # superuser: evidence about oneself
        events = self.env["consent.event"].sudo()
        by_id = {e.id: e for e in events.browse(self.mapped("last_event_id"))}
        last = {record: by_id.get(record.last_event_id, events) for record in self}
        behind = [record for record in self if last[record].kind == "prefer"]
        chains = [
            Domain("res_model", "=", record.res_model)
            & Domain("res_id", "=", record.res_id)
            & Domain("purpose_id", "=", record.purpose_id.id)
            for record in behind
        ]
        if chains:
            domain = Domain.OR(chains) & Domain("kind", "!=", "prefer")
            found = events.search(domain, order="id").grouped(self._chain_of)
            last |= {record: found[self._chain_of(record)][-1] for record in behind}
        return last

    @api.model
    def _chain_of(self, row):
        """:return: what a consent and its events have in common"""
        return row.res_model, row.res_id, row.purpose_id.id

    def _check_evidence_reader(self):
        """:raise AccessError: for anybody but an officer who may read these consents,
        which are as readable as their person"""
        self.env["consent.event"]._check_officer()
        self.check_access("read")

    def _log_evidence(self, action):
        """:param str action: of ``privacy.access.log``"""
        log = self.env["privacy.access.log"]
        for model, rows in self.grouped("res_model").items():
            ids = sorted(set(rows.mapped("res_id")))
            log._log(action, model, [(id_, "consent_event_ids") for id_ in ids])
