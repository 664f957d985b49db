from odoo import fields, models
from odoo.tools import SQL

from .consent_preference import NONE


class ConsentSubjectMixin(models.AbstractModel):
    """What people want less of, beside what they have answered (PRF-1)."""

    _inherit = "consent.subject.mixin"

    def _consent_prefer(self, wishes, *, may_widen=True, **how):
        """Record how much people want of what they have not refused, each change as an
        event; what holds already is none.

        :param dict wishes: {purpose id: what changes, as of ``Preference.changed``}
        :param bool may_widen: whether a pause may end before its time, a limit be
            raised, or a channel come back: that takes the proof that a yes takes
        :param how: source, user_id, evidence and by_address, as of
            ``_consent_record_answers``
        :return: number of preferences recorded
        """
        chosen, now = {}, fields.Datetime.now()
        present = self._consent_preferences()
        for record in self._consent_applying():
            key = (record.res_id, record.purpose_id.id)
            if record.value == "refused" or key[1] not in wishes:
                continue
            before = present.get(key, NONE).at(now)
            after = before.changed(wishes[key[1]])
            if not may_widen:
                after = after.strictest(before)
            if after != before:
                chosen[record] = after
        return self._consent_record_preferences(chosen, **how)

    def _consent_preferences(self):
        """:return: {(id, purpose id): ``Preference``} of these people"""
        rows = self.env["consent.preference"]._of(self._name, self.ids)
        return {(row.res_id, row.purpose_id.id): row._value() for row in rows}

    def _consent_record_preferences(self, chosen, **how):
        """:param dict chosen: {``consent.record`` of these people: ``Preference``}
        :param how: as of :meth:`_consent_note_preferences`
        :return: how many"""
        preferences = self.env["consent.preference"]
        notes = {r: preferences._describe(chosen[r]) for r in chosen}
        self._consent_note_preferences(notes, **how)
        preferences._put(
            self._name, {(r.res_id, r.purpose_id.id): chosen[r] for r in chosen}
        )
        return len(chosen)

    def _consent_note_preferences(
        self, notes, *, evidence=None, by_address=False, **how
    ):
        """Append an event to each of these consents, of what the person prefers.

        :param dict notes: {``consent.record`` of these people: what was chosen}
        :param how: source and user_id of the events
        """
        if not notes:
            return
        digests = self._consent_store_preferences(notes, evidence or {})
        addresses = self._consent_address_hashes() if by_address else {}
        rows = [
            (
                *(record.purpose_id.id, self._name, record.res_id),
                *("prefer", record.value, None, None),
                *(digest, addresses.get(record.res_id)),
            )
            for record, digest in zip(notes, digests, strict=True)
        ]
        self.env["consent.record"]._apply_changes(
            self._consent_rows_sql(rows),
            evidence_hash=SQL("change.digest"),
            address_hash=SQL("change.address_hash"),
            **how,
        )

    def _consent_store_preferences(self, notes, evidence):
        """:return: list of digests of the evidence that says what was chosen"""
        said, rows = evidence.get("note"), []
        for record, note in notes.items():
            about = {**evidence, "note": "\n".join(filter(None, (note, said)))}
            rows.append((self._name, record.res_id, about))
        return self.env["consent.evidence"]._store_all(rows)

    def _consent_merge_preferences(self, sources):
        """Of people who are merged into this one, the stricter wish holds.

        :param sources: subjects that are about to be deleted
        """
        preferences = self.env["consent.preference"]
        theirs = preferences._of(self._name, sources.ids).grouped("purpose_id")
        if not theirs:
            return
        present = self._consent_preferences()
        # superuser: the person's own, whoever merges
        records = self.env["consent.record"].sudo()
        own = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        chosen = {}
        for record in records.search(own):
            before = present.get((self.id, record.purpose_id.id), NONE)
            rows = theirs.get(record.purpose_id, preferences)
            if (after := rows._strictest().strictest(before)) != before:
                chosen[record] = after
        self._consent_record_preferences(chosen, **self._privacy_who_links())
        preferences._of(self._name, sources.ids)._drop()
