import base64
import hashlib
import logging
import secrets

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, hmac

from ...constants import IS_REFERENCE
from ...tools import ledger

_logger = logging.getLogger(__name__)

MAX_IP = 64  # characters; the longest form of an IPv6 address has 45 and a zone
MAX_USER_AGENT = 512  # browsers send up to a few hundred
BATCH = 1000  # rows verified at a time
# what is erased of a row; without the salt, nobody tries what it was
PERSONAL = ("salt", "ip", "user_agent", "note", "document", "document_name")


class ConsentEvidence(models.Model):
    """The personal part of an event's evidence, erasable by itself.

    The event holds only a keyed hash of it: with the content gone, nothing in the event
    tells the person's address or browser, and with the content there, forging it shows.
    The row stays, unless the whole person is erased: one that is missing shows as well.
    """

    _name = "consent.evidence"
    _description = "Personal evidence of a consent event"
    _inherit = ["consent.frozen.mixin", "consent.subject.row.mixin"]
    _order = "id desc"
    _keeps_rows_of_deleted_subjects = True

    digest = fields.Char(required=True, readonly=True, index=True)
    # none once it is erased
    salt = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    ip = fields.Char("IP address", readonly=True)
    user_agent = fields.Char("Browser", readonly=True)
    note = fields.Text(readonly=True)
    document = fields.Binary(attachment=True, readonly=True)
    document_name = fields.Char(readonly=True)
    erased_at = fields.Datetime("Erased on", readonly=True)

    _subject_idx = models.Index("(res_model, res_id)")
    # of an order or inquiry, whose it was first (TIM-3)
    _reference_idx = models.Index(f"(note) WHERE {IS_REFERENCE}")

    def _visible_domain(self, by_page=False):
        """What an answer to a consent of another company came with is that company's,
        as the answer is; of what several companies were told at once, each its own."""
        return super()._visible_domain(by_page) & Domain.custom(
            to_sql=self._of_companies_sql
        )

    @api.model
    def _answers_sql(self, alias):
        """:param str alias: of the table of these rows
        :return: SQL, from FROM on, of each event that a row is the evidence of, and
            its purpose"""
        return SQL(
            """FROM consent_event event
               JOIN consent_purpose purpose ON purpose.id = event.purpose_id
              WHERE event.res_model = %(row)s.res_model
                AND event.res_id = %(row)s.res_id
                AND event.evidence_hash = %(row)s.digest""",
            row=SQL.identifier(alias),
        )

    def _of_companies_sql(self, _model, alias, _query):
        return SQL(
            """(NOT EXISTS (SELECT %(events)s)
                OR EXISTS (SELECT %(events)s AND (purpose.company_id IS NULL
                                  OR purpose.company_id = ANY(%(companies)s))))""",
            events=self._answers_sql(alias),
            companies=self.env.companies.ids,
        )

    @api.model
    def _store(self, res_model, res_id, vals):
        """Keep the personal part of the evidence of one answer.

        :param str res_model: model of the subject
        :param int res_id: its id
        :param dict vals: any of ip, user_agent, note, document (base64),
            document_name
        :return: the digest that the event holds
        """
        return self._store_all([(res_model, res_id, vals)])[0]

    @api.model
    def _store_all(self, rows):
        """As :meth:`_store`, of many answers.

        :param list rows: tuples of its arguments; many may have one document, which is
            one object then
        :return: list of digests
        """
        documents = {vals.get("document") or b"" for _model, _id, vals in rows}
        hashes = {document: self._hash_of(document) for document in documents}
        created = [self._prepare_row(*row, hashes) for row in rows]
        self._make(created)
        return [vals["digest"] for vals in created]

    @api.model
    def _prepare_row(self, res_model, res_id, vals, hashes):
        document = vals.get("document") or b""
        values = {
            "salt": secrets.token_hex(16),
            "ip": self._storable(vals.get("ip"))[:MAX_IP],
            "user_agent": self._storable(vals.get("user_agent"))[:MAX_USER_AGENT],
            "note": self._storable(vals.get("note")),
        }
        return {
            **{name: value or False for name, value in values.items()},
            "res_model": res_model,
            "res_id": res_id,
            "digest": self._digest_of(**values, document_hash=hashes[document]),
            "document": document or False,
            "document_name": vals.get("document_name"),
        }

    def _erase(self):
        """Erase personal evidence; the events it belongs to stay, and stay sound. What
        is left of it is that it was erased, and when.

        :raise AccessError: for anybody but a privacy officer
        """
        self.env["consent.event"]._check_officer()
        self.check_access("read")
        _logger.info("Evidence %s erased by user %s", self.ids, self.env.uid)
        self._set(dict.fromkeys(PERSONAL, False) | {"erased_at": fields.Datetime.now()})
        # verifying forgets what it has read
        self.flush_recordset()

    @api.model
    def _storable(self, text):
        """:return: the text without what PostgreSQL cannot store"""
        return (text or "").replace("\0", "")

    @api.model
    def _hash_of(self, document):
        """:return: SHA-256 of a document, empty without one"""
        content = base64.b64decode(document) if document else b""
        return hashlib.sha256(content).hexdigest() if content else ""

    @api.model
    def _digest_of(self, salt, ip, user_agent, note, document_hash):
        payload = ledger.evidence_payload(salt, ip, user_agent, note, document_hash)
        # superuser: the key is the database's secret, which no user may read
        return hmac(self.sudo().env, "privacy_guard.evidence", payload)

    def _digest(self, with_document=True):
        """:return: the keyed hash of what the row holds now

        :param bool with_document: whether to look for a document, which is a query
        """
        self.ensure_one()
        # a document by itself: those of all rows at once may not fit into memory
        alone = self.with_context(bin_size=False).with_prefetch()
        return self._digest_of(
            self.salt or "",
            self.ip or "",
            self.user_agent or "",
            self.note or "",
            self._hash_of(alone.document if with_document else b""),
        )

    @api.model
    def _forged(self, res_model=None, res_id=None):
        """Yield the rows that are not what the events vouch for, and whether an
        event vouches for anything of that digest.

        :param str res_model: only those of one subject, of this model
        :param int res_id: its id
        """
        domain = Domain.TRUE
        if res_model:
            domain = Domain("res_model", "=", res_model) & Domain("res_id", "=", res_id)
        last = 0
        while ids := self._next_ids(last, domain):
            yield from self.browse(ids)._forged_rows()
            last = ids[-1]

    @api.model
    def _next_ids(self, last, domain=Domain.TRUE):
        """:return: list of the ids of the rows that are verified next"""
        # superuser: no group may read the salt
        rows = self.sudo()
        return rows.search(
            domain & Domain("id", ">", last), order="id", limit=BATCH
        ).ids

    def _forged_rows(self):
        """As :meth:`_forged`, of these rows."""
        rows = self.sudo()  # superuser: as above
        known, with_document = rows._known_ids(), rows._ids_with_document()
        for row in rows:
            is_whole = row._is_erased(with_document) or (
                row.digest == row._digest(with_document=row.id in with_document)
            )
            if row.id not in known or not is_whole:
                yield row, row.id in known
        rows.invalidate_recordset(flush=False)

    def _is_erased(self, with_document):
        """:param with_document: ids of the rows that have one
        :return: whether nothing is left of it but that it was erased"""
        left = [name for name in PERSONAL if name != "document" and self[name]]
        return bool(self.erased_at) and not left and self.id not in with_document

    def _known_ids(self):
        """:return: ids of the rows that an event of their subject refers to"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT evidence.id
                  FROM consent_evidence evidence
                 WHERE evidence.id = ANY(%s)
                   AND EXISTS (SELECT FROM consent_event event
                                WHERE event.res_model = evidence.res_model
                                  AND event.res_id = evidence.res_id
                                  AND event.evidence_hash = evidence.digest)
                """,
                self.ids,
            )
        )
        return {id_ for (id_,) in rows}

    def _ids_with_document(self):
        attachments = self.env["ir.attachment"].search_fetch(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "document"),
                ("res_id", "in", self.ids),
            ],
            ["res_id"],
        )
        return set(attachments.mapped("res_id"))
