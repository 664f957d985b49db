import os
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, hmac, ormcache

from ...attempts import key_file_reason
from ...tools import keyring, person_terms, suppression

POLICIES = [
    ("warn", "Store the contact, and note it there"),
    ("quarantine", "Store the contact, but lock it until an officer unlocks it"),
    ("refuse", "Refuse the contact"),
]


class PrivacySuppression(models.Model):
    """Addresses of erased people, as keyed hashes, so that they do not come back by an
    import (ERA-2).

    The key is in the key file, if there is one, else it is derived from the database's
    own secret; then whoever has a copy of the database can try addresses.
    """

    _name = "privacy.suppression"
    _description = "Suppressed address"
    _inherit = ["consent.frozen.mixin"]
    _order = "id desc"
    _log_access = False
    _rec_name = "date"

    digest = fields.Char("Keyed hash", required=True, readonly=True)
    key_id = fields.Char(required=True, readonly=True, index=True)
    kind = fields.Selection(
        [("email", "E-mail address"), ("phone", "Phone number")],
        required=True,
        readonly=True,
    )
    date = fields.Date("Erased on", required=True, readonly=True)
    released_on = fields.Date(readonly=True)
    released_by_id = fields.Many2one("res.users", readonly=True)
    address = fields.Char(
        "Address or number",
        compute="_compute_address",
        search="_search_address",
        help="Search for the exact address or number: it is not stored.",
    )

    _digest_uniq = models.Constraint("UNIQUE (digest)", "It is suppressed already.")

    def _compute_address(self):
        self.address = False

    def _search_address(self, operator, value):
        """Only hashes can be compared: whatever is searched, it is searched exactly."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        texts = [value] if isinstance(value, str) else list(value)
        digests, keys = [], self._keys().values()
        # superuser: the list has hashes of companies that the user does not see
        companies = self.env["res.company"].sudo().search(Domain.TRUE)
        for text in filter(None, texts):
            for kind, term in self._terms_of(text):
                digests += self._digests(keys, kind, term, companies.ids)
        return Domain("digest", "in", digests)

    @api.model
    def _terms_of(self, text):
        found = [("email", address) for address in person_terms.addresses(text)]
        if number := person_terms.digits(text):
            found.append(("phone", number))
        return found

    # ------------------------------------------------------------------
    # Keys
    # ------------------------------------------------------------------

    @api.model
    def _check_key(self):
        """:raise UserError: the environment names a key file that cannot be used"""
        try:
            self._keys()
        except keyring.KeyringError as error:
            raise UserError(key_file_reason(self.env, error)) from error

    @api.model
    def _keys(self):
        """:return: {key id: key}; the last one is for new entries
        :raise KeyringError: the environment names a key file that cannot be used
        """
        # superuser: the key is derived from a secret that no user may read
        env = self.sudo().env
        own = hmac(env, "privacy_guard.suppression", suppression.DATABASE)
        keys = {suppression.DATABASE: own.encode()}
        if os.environ.get(keyring.VARIABLE):
            ring = keyring.load()
            for key_id in ring.ids:
                keys[key_id] = ring.subkey(key_id, suppression.CONTEXT)
        return keys

    @api.model
    def _digests(self, keys, kind, value, company_ids):
        """:return: the hashes of one term under these keys, in these companies too"""
        texts = [suppression.in_company(value, id_) for id_ in company_ids]
        return [
            suppression.digest(key, kind, text)
            for key in keys
            for text in (value, *texts)
        ]

    # ------------------------------------------------------------------
    # Suppressing and releasing
    # ------------------------------------------------------------------

    @api.model
    def _suppress(self, subjects, terms, shared=()):
        """Suppress the addresses of people, or their numbers if they have none; not
        those of addresses of theirs.

        :param subjects: rows of an erasure
        :param list terms: as ``privacy.erasure.subject._terms()`` returns them
        :param shared: terms by which a company that the officer does not reach knows
            somebody: they are suppressed in the companies of the officer alone
        :return: {id of the row: list of [kind, key id, hash]}, of names too
        """
        key_id, key = list(self._keys().items())[-1]
        digests = {row.id: [] for row in subjects}
        for id_, kind, value, _is_storable in terms:
            hashed = suppression.digest(key, kind, value)
            digests[id_].append([kind, key_id, hashed])
        for id_, kind, value in self._in_companies_of(subjects, shared):
            hashed = suppression.digest(key, suppression.OF_COMPANY[kind], value)
            digests[id_].append([kind, key_id, hashed])
        # that of a delivery address, say, may be anybody's
        people = subjects.filtered(lambda row: not row.is_address)
        wanted = {}
        for row in people:
            wanted |= self._to_suppress(digests[row.id])
        self._insert(wanted, key_id)
        return digests

    @api.model
    def _in_companies_of(self, subjects, shared):
        """:return: list of (id of the row, kind of digest, what is hashed)"""
        of_company = {kind: name for name, kind in suppression.OF_COMPANY.items()}
        # superuser: which companies it reaches does not depend on who runs it
        companies = subjects.erasure_id._officer().sudo().company_ids
        return [
            (id_, of_company[kind], suppression.in_company(value, company_id))
            for id_, kind, value, _is_storable in shared
            for company_id in companies.ids
        ]

    @api.model
    def _to_suppress(self, digests):
        """:param list digests: [kind, key id, hash] of one person
        :return: {hash: kind} of what is suppressed of them"""
        by_hash = {
            hashed: suppression.OF_COMPANY.get(kind, kind)
            for kind, _key_id, hashed in digests
        }
        wanted = "email" if "email" in by_hash.values() else "phone"
        return {hashed: kind for hashed, kind in by_hash.items() if kind == wanted}

    @api.model
    def _insert(self, wanted, key_id):
        """:param dict wanted: {hash: kind}"""
        if not wanted:
            return
        is_first = not self.sudo().search_count([], limit=1)
        self.env.execute_query(
            SQL(
                """
                INSERT INTO privacy_suppression (digest, kind, key_id, date)
                     SELECT digest, kind, %s, %s
                       FROM unnest(%s::text[], %s::text[]) AS new (digest, kind)
                ON CONFLICT (digest) DO UPDATE
                        SET released_on = NULL, released_by_id = NULL
                  RETURNING id
                """,
                key_id,
                fields.Date.today(),
                list(wanted),
                list(wanted.values()),
            )
        )
        self.invalidate_model(flush=False)
        if is_first:
            self.env.registry.clear_cache()

    def action_release(self):
        """Let people come back who want to.

        :raise AccessError: for anybody but a privacy officer who is in all companies:
            the list does not know whose people they are
        """
        self.env["ir.model.fields"]._privacy_check_decider()
        self.check_access("read")
        vals = {"released_on": fields.Date.today(), "released_by_id": self.env.uid}
        self._set(vals)

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    @api.model
    @ormcache()
    def _is_used(self):
        """:return: whether anybody is on the list: looked up by every creation"""
        return bool(self.sudo().search_count([], limit=1))

    @api.model
    def _policy(self):
        """:return: what happens to a contact with a suppressed address"""
        # superuser: a setting that says nothing secret
        parameters = self.env["ir.config_parameter"].sudo()
        policy = parameters.get_param("privacy_guard.suppression", "quarantine")
        return policy if policy in dict(POLICIES) else "quarantine"

    @api.model
    def _suppressed(self, terms):
        """:param terms: (kind, value), asked in the current company, or (kind, value,
            id of a company)
        :return: those that are suppressed, in one query
        """
        by_digest = self._by_digest(terms)
        if not by_digest:
            return set()
        # superuser: the list is the officer's to see, and everybody's to obey
        found = self.sudo().search_fetch(
            [("digest", "in", list(by_digest)), ("released_on", "=", False)], ["digest"]
        )
        return set().union(*(by_digest[row.digest] for row in found))

    @api.model
    def _by_digest(self, terms):
        """:param terms: as of :meth:`_suppressed`
        :return: {hash: set of the terms that it may stand for}"""
        by_digest, keys = defaultdict(set), self._keys().values()
        for term in terms:
            kind, value, *company = term
            ids = company or self.env.company.ids
            for hashed in self._digests(keys, kind, value, ids):
                by_digest[hashed].add(term)
        return by_digest
