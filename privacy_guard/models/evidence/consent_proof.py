from odoo import api, models

from ...tools.receipt import signature
from ...tools.tlog import merkle, proof
from ..purpose.consent_purpose_implied import RELATIONSHIPS

MAX_PROBLEMS = 50


class ConsentProof(models.AbstractModel):
    """The proof pack (EVI-4, GDPR Art. 7(1)): one document that says whether, when and
    to which words a person agreed, with what a stranger needs to verify it.

    Of a person who is erased it says the same, and not who it was.
    """

    _name = "consent.proof"
    _description = "Proof pack"

    @api.model
    def _pack(self, records):
        """Put a pack together, which is logged.

        :param records: ``consent.record``
        :return: dict of what the document shows
        :raise AccessError: for anybody but an officer who may read these consents
        """
        records._check_evidence_reader()
        records._log_evidence("proof")
        chains = self._chains(records)
        places = self._places(self.env["consent.event"].union(*chains.values()))
        verified = self._verified(chains)
        stamps = self._stamps(self._answers(chains))
        return {
            "consents": [
                self._consent(record, chains[record], places, stamps)
                for record in records
            ],
            "stamped": list(stamps),
            "verified": verified,
            "checkpoint": self.env["consent.log.checkpoint"]._last()._cosigned_note(),
            # as proofs name them, and as receipts do
            "keys": {
                str(key): signature.did(key.public)
                for key in self.env["consent.log"]._verifiers()
            },
            "restores": self._restores(),
            "proofs": [
                *(
                    self._proof_name(row["event"].id)
                    for row in verified["sealed"]
                    if row["place"] is not None
                ),
                *self._restore_files(),
            ],
        }

    @api.model
    def _chains(self, records):
        """:return: {consent: its events, and those of people merged into its person}"""
        events = self.env["consent.event"]
        chains = {}
        for record in records:
            person = self.env[record.res_model].browse(record.res_id).exists()
            chains[record] = events.search(
                [
                    ("res_model", "=", record.res_model),
                    ("res_id", "in", person._privacy_merged_ids() or [record.res_id]),
                    ("purpose_id", "=", record.purpose_id.id),
                ],
                order="res_id, sequence",
            )
        return chains

    @api.model
    def _places(self, events):
        """:return: {id of the event: its place in the log}"""
        # superuser: the places of events that the officer may read
        leaves = self.env["consent.log.leaf"].sudo()
        found = leaves.search([("event_id", "in", events.ids)])
        return {leaf.event_id: leaf.leaf_index for leaf in found}

    # ------------------------------------------------------------------
    # What it shows
    # ------------------------------------------------------------------

    @api.model
    def _consent(self, record, chain, places, stamps):
        """:return: dict of what is shown of one consent"""
        labels = dict(record._fields["value"]._description_selection(self.env))
        ordered, company = chain.sorted("id"), self._company(record)
        return {
            "record": record,
            "person": record.subject_name or f"{record.res_model} {record.res_id}",
            "value": labels[record.value],
            "company": company.name,
            "basis": self._label(record.notice_id or record.purpose_id, "legal_basis"),
            "events": [self._event(event, places) for event in ordered],
            "notices": ordered.notice_id
            or record.purpose_id._current_notices()[record.purpose_id.id],
            "requests": [
                self._request(event) for event in ordered if event.kind == "request"
            ],
            "answers": [
                {**self._answer(event, company), "stamp": stamps.get(event.id)}
                for event in self._answers({record: ordered})
            ],
        }

    @api.model
    def _company(self, record):
        """:return: the company that asks for it, as superuser"""
        # superuser: who asks people is no secret
        asked = record.sudo()
        return self.env["consent.receipt"]._companies(asked)[asked].sudo()

    @api.model
    def _moment(self, value):
        """:return: to the second and in UTC, as the hashes have it"""
        return value.strftime("%Y-%m-%d %H:%M:%S UTC") if value else ""

    @api.model
    def _label(self, event, name):
        labels = event._fields[name]._description_selection(self.env)
        return dict(labels).get(event[name], "")

    @api.model
    def _event(self, event, places):
        return {
            "event": event,
            "moment": self._moment(event.date),
            "kind": self._label(event, "kind"),
            "relationship": self._relationship(event),
            "value": self._label(event, "value_to"),
            "source": self._label(event, "source"),
            "place": places.get(event.id),
        }

    @api.model
    def _relationship(self, event):
        """:return: which purchase or inquiry it was, and when (TIM-3), "" of others"""
        if event.kind not in dict(RELATIONSHIPS):
            return ""
        record = event.evidence_ids[:1].note
        return ", ".join(filter(None, (record, self._moment(event.answered_at))))

    @api.model
    def _request(self, event):
        """How the person was asked: what is known of the mail as long as it is being
        delivered. Nothing is kept of one that has left."""
        deliveries = self.env["consent.delivery"].search(
            [
                ("res_model", "=", event.res_model),
                ("res_id", "=", event.res_id),
                ("date", "=", event.date),
            ],
            limit=1,
        )
        return {
            "event": event,
            "moment": self._moment(event.date),
            "delivery": deliveries,
            "state": self._label(deliveries, "state") if deliveries else "",
        }

    # ------------------------------------------------------------------
    # Whether it holds
    # ------------------------------------------------------------------

    @api.model
    def _verified(self, chains):
        """:return: dict: what was found wrong, and what the log says of each chain"""
        events, wizard = self.env["consent.event"], self.env["consent.verify"]
        problems = {
            wizard._describe(problem): None
            for person in self._people(chains)
            for problem in events._problems(*person)
        }
        return {
            "moment": self._moment(self.env.cr.now()),
            "problems": list(problems)[:MAX_PROBLEMS],
            "sealed": self._sealed(self._heads(chains)),
        }

    @api.model
    def _people(self, chains):
        """:return: (model, id) of whom the events are about, in the ledger's order"""
        events = self.env["consent.event"].union(*chains.values())
        return sorted({(event.res_model, event.res_id) for event in events})

    @api.model
    def _heads(self, chains):
        """:return: the last event of each chain"""
        found = self.env["consent.event"]
        for events in chains.values():
            for chain in events.grouped("res_id").values():
                found |= chain[-1:]
        return found

    @api.model
    def _sealed(self, heads):
        """:return: list of {event, place, size of the checkpoint, why not}"""
        proofs = self.env["consent.log.checkpoint"]._prove_all(heads)
        verifiers = self.env["consent.log"]._verifiers()
        return [self._checked(head, proofs[head.id], verifiers) for head in heads]

    @api.model
    def _checked(self, head, text, verifiers):
        row = {"event": head, "place": None, "size": None, "reason": ""}
        if not text:
            return {**row, "reason": self.env._("It is not sealed yet.")}
        found = proof.Proof.parse(text)
        try:
            signed = found.check(found.extra, verifiers)
        except merkle.ProofError as error:
            return {**row, "place": found.index, "reason": str(error)}
        return {**row, "place": found.index, "size": signed.size}
