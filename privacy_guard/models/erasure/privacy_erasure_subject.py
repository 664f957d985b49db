import json

from odoo import api, fields, models
from odoo.tools import SQL

from ...attempts import attempt
from ...tools import addresses as mailboxes
from ...tools import person_terms

STATES = [
    ("pending", "To be erased"),
    ("erased", "Erased"),
    ("refused", "Not erased"),
    ("failed", "Not erased yet"),
]


class PrivacyErasureSubject(models.Model):
    """One person of an erasure.

    What identifies the person is needed until the database has been searched for it:
    it lies meanwhile in a column that is no field, and is cleared with the last step.
    Values of encrypted fields do not get there.
    """

    _name = "privacy.erasure.subject"
    _description = "Person whose data is erased"
    _inherit = ["consent.frozen.mixin", "consent.subject.row.mixin"]
    _order = "id"
    _log_access = False
    _keeps_rows_of_deleted_subjects = True

    erasure_id = fields.Many2one(
        "privacy.erasure", required=True, readonly=True, index=True, ondelete="cascade"
    )
    # an address of the person that is a contact of its own, such as for delivery
    is_address = fields.Boolean("Address of the person", readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="pending")
    blocker = fields.Char("Not erased because", readonly=True)
    erased_at = fields.Datetime("Erased on", readonly=True)
    # keyed hashes of what identified the person, for the journal
    digests = fields.Json(readonly=True)
    journaled = fields.Boolean("In the journal file", readonly=True)

    _subject_uniq = models.Constraint(
        "UNIQUE (erasure_id, res_model, res_id)", "A person is erased once."
    )
    _subject_idx = models.Index("(res_model, res_id)")

    @api.private
    def init(self):
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %s ADD COLUMN IF NOT EXISTS terms text",
                SQL.identifier(self._table),
            )
        )

    def _subject_models(self):
        """Guests, too, are erased: whom we know by an address alone."""
        return [*super()._subject_models(), "privacy.guest"]

    @api.model
    def _add(self, erasure, subjects):
        """:return: rows for these people, for addresses of theirs, and for what other
        models have of them, as far as who erases reaches it"""
        vals_list = [
            vals
            for people in (subjects, *subjects._privacy_elsewhere(erasure._officer()))
            for vals in self._prepare(erasure, people)
        ]
        # superuser: of what other models have, too, which the officer may not read
        rows = self._make(vals_list).sudo()
        return rows.filtered(lambda row: row.state == "pending")

    @api.model
    def _prepare(self, erasure, people):
        """:return: list of values of new rows"""
        addresses = people._privacy_address_records() - people
        addresses = addresses._privacy_reached_by(erasure._officer())
        blockers = (people | addresses)._privacy_erasure_blockers()
        return [
            {
                "erasure_id": erasure.id,
                "res_model": person._name,
                "res_id": person.id,
                "is_address": person in addresses,
                "state": "refused" if person.id in blockers else "pending",
                "blocker": blockers.get(person.id),
            }
            for person in people | addresses
        ]

    def _people(self):
        """:return: list of recordsets of the people, one per model, as superuser"""
        return [
            # superuser: the officer's right was checked with the confirmation
            self.env[name]
            .sudo()
            .with_context(active_test=False)
            .browse(rows.mapped("res_id"))
            for name, rows in self.grouped("res_model").items()
        ]

    # ------------------------------------------------------------------
    # What identifies them
    # ------------------------------------------------------------------

    def _terms(self):
        """:return: list of (id, kind, normalised value, whether it may be stored) of
        what finds rows about these people, and nobody else's"""
        return self._without_other_companies(self._all_terms())

    def _all_terms(self):
        """:return: as :meth:`_terms`, also what another company knows somebody by"""
        by_person = {(row.res_model, row.res_id): row.id for row in self}
        return [
            (by_person[people._name, res_id], kind, value, is_storable)
            for people in self._people()
            for res_id, kind, value, is_storable in people._privacy_terms()
        ]

    def _readable_terms(self):
        """:return: as :meth:`_terms`, without those of people whose values cannot be
        read: erasing them says why, and holds up nobody else"""
        terms, failed = attempt(self, self._terms)
        if not failed:
            return terms
        known = (attempt(person, person._terms)[0] for person in self)
        return [term for terms in known for term in terms or ()]

    def _without_other_companies(self, terms):
        """:return: the terms without addresses and numbers by which a company knows
        somebody whom the officer does not reach: what only these lead to may be
        theirs"""
        known = {
            (kind, value): mailboxes.canonical(value)
            if kind == "email"
            else f"+{value}"
            for _id, kind, value, _is in terms
            if kind in ("email", "phone")
        }
        people, officer = self.env["res.partner"], self.erasure_id._officer()
        held = {
            kind: people._privacy_held_out_of_reach(
                kind, {v for (other, _), v in known.items() if other == kind}, officer
            )
            for kind in ("email", "phone")
        }
        return [
            term
            for term in terms
            if term[1] not in held or known[term[1], term[2]] not in held[term[1]]
        ]

    def _store_terms(self, terms):
        by_id = {row.id: [] for row in self}
        for id_, kind, value, is_storable in terms:
            if is_storable and kind in person_terms.KINDS:
                by_id[id_].append([kind, value])
        self.env.execute_query(
            SQL(
                """
                UPDATE privacy_erasure_subject AS subject SET terms = new.terms
                  FROM unnest(%s::int[], %s::text[]) AS new (id, terms)
                 WHERE new.id = subject.id RETURNING subject.id
                """,
                list(by_id),
                list(map(json.dumps, by_id.values())),
            )
        )

    def _stored_terms(self):
        """:return: {id: list of (kind, value)} of those that have any"""
        rows = self.env.execute_query(
            SQL(
                "SELECT id, terms FROM privacy_erasure_subject"
                " WHERE id = ANY(%s) AND terms IS NOT NULL",
                self.ids,
            )
        )
        return {id_: json.loads(terms) for id_, terms in rows}

    def _clear_terms(self):
        self.env.execute_query(
            SQL(
                "UPDATE privacy_erasure_subject SET terms = NULL"
                " WHERE id = ANY(%s) RETURNING id",
                self.ids,
            )
        )

    @api.model
    def _patterns(self, terms):
        """:return: {id: regular expression that any term of that person matches}"""
        by_id = {}
        for id_, kind, value, *_rest in terms:
            if kind in person_terms.KINDS:
                by_id.setdefault(id_, []).append(person_terms.pattern(kind, value))
        return {id_: "|".join(patterns) for id_, patterns in by_id.items()}
