import uuid
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import hmac

from ...tools.receipt import content, signature

MOMENT = "%Y-%m-%dT%H:%M:%SZ"


class ConsentReceipt(models.AbstractModel):
    """What a person gets in hand of their consents (EVI-3): JSON-LD after ISO/IEC TS
    27560, in the profile of the W3C's Data Privacy Vocabulary for the GDPR.

    It holds no name and no address: whose it is, it says by numbers that nobody can
    compute who does not have the database. So it is the same when the person is erased.
    """

    _name = "consent.receipt"
    _description = "Receipt of consents"

    @api.model
    def _issue(self, records):
        """Texts are in the language of the context.

        :param records: ``consent.record`` in the order in which they are shown; that
            they may be handed out is for the caller to say
        :return: the receipt, as a dict that JSON can carry; signed if a key signs, else
            with a comment that it is not
        """
        # superuser: evidence about whoever it is for, see above
        records = records.sudo()
        chains = self._chains(records)
        heads = self.env["consent.event"].sudo()  # superuser: as above
        heads = heads.union(*(chain[-1:] for chain in chains.values()))
        proofs = self.env["consent.log.checkpoint"]._prove_all(heads)
        hashed = heads.union(*chains.values())._hashed()
        companies, notices = self._companies(records), self._notices(records, chains)
        made = [
            self._record(
                record,
                chains[record],
                notices[record],
                companies[record],
                hashed,
                proofs,
            )
            for record in records
        ]
        publisher = self._controller(companies[records[:1]])
        number = self._pseudonym("receipt", sorted(heads.mapped("hash")))
        created = fields.Datetime.now().strftime(MOMENT)
        return self._sign(content.receipt(number, created, publisher, made), created)

    @api.model
    def _sign(self, receipt, created):
        log = self.env["consent.log"]
        if log._blocker():
            # why is for administrators, and names files of the server
            said = self.env._("This receipt is not signed.")
            return {**receipt, "rdfs:comment": said}
        return signature.sign(receipt, log._signers()[-1].seed, created)

    @api.model
    def _chains(self, records):
        """:return: {consent: its events, first event first}"""
        domains = [
            Domain("res_model", "=", model)
            & Domain("res_id", "in", some.mapped("res_id"))
            & Domain("purpose_id", "in", some.purpose_id.ids)
            for model, some in records.grouped("res_model").items()
        ]
        # superuser: see _issue
        events = self.env["consent.event"].sudo()
        found = events.search(Domain.OR(domains), order="sequence").grouped(self._key)
        return {record: found.get(self._key(record), events) for record in records}

    @api.model
    def _key(self, row):
        """:return: what consents and their events have in common"""
        return row.res_model, row.res_id, row.purpose_id.id

    @api.model
    def _companies(self, records):
        """:return: {consent: the company that asks for it}, and that of nothing"""
        main = self.env["res.company"].sudo()._privacy_main()
        companies = defaultdict(lambda: main)
        for model, some in records.grouped("res_model").items():
            people = self.env[model].sudo().browse(set(some.mapped("res_id")))
            own = people.exists()._privacy_companies()
            for record in some:
                company = record.purpose_id.company_id or own.get(record.res_id, main)
                companies[record] = company
        return companies

    @api.model
    def _pseudonym(self, *parts):
        """:return: a UUID, the same for the same, which tells nobody what it is"""
        # superuser: the key is no user's to read
        digest = hmac(self.env(su=True), "privacy_guard.receipt", parts)
        return str(uuid.UUID(digest[:32]))

    # ------------------------------------------------------------------
    # What it says
    # ------------------------------------------------------------------

    @api.model
    def _record(self, record, chain, notices, company, hashed, proofs):
        controller, purpose = self._controller(company), record.purpose_id
        person = (record.res_model, record.res_id)
        return content.Record(
            identifier=self._pseudonym(*person, purpose.id),
            subject=self._pseudonym(*person),
            controller=controller,
            name=notices[:1].name or purpose.name,
            purpose=purpose.dpv_purpose,
            data=purpose._receipt_data(),
            is_sensitive=bool(purpose.field_id.privacy_encryption),
            legal_basis=(notices[:1] or purpose).legal_basis,
            recipients=(purpose.recipients or "").splitlines(),
            countries=company.privacy_storage_country_ids.mapped("code")
            or company.country_id.mapped("code"),
            control_url=f"{company._privacy_base_url()}/my/privacy",
            until=self.env._("The answer is changed"),
            notices=[self._notice(notice) for notice in notices],
            events=[self._event(event, hashed, proofs, company) for event in chain],
        )

    @api.model
    def _notices(self, records, chains):
        """:return: {consent: the texts that were shown, the answered one first}; where
        there are none yet, those that are asked now"""
        present = records.purpose_id._current_notices()
        return {
            record: record.notice_id
            | chains[record].sorted("id", reverse=True).notice_id
            or present[record.purpose_id.id]
            for record in records
        }

    @api.model
    def _controller(self, company):
        url = company._privacy_base_url()
        address = company.partner_id._display_address(without_company=True)
        return content.Controller(
            id=f"{url}/#controller-{company.id}",
            identifier=company.vat or company.company_registry or url,
            name=company.name,
            url=company.website or url,
            country=company.country_id.code or "",
            address=", ".join(filter(None, map(str.strip, address.splitlines()))),
            email=company.privacy_from_email or company.email or "",
            phone=company.phone or "",
        )

    @api.model
    def _notice(self, notice):
        return content.Notice(
            sha256=notice.sha256,
            hashed=notice._hashed(),
            name=notice.name,
            text=notice.text,
            lang=self.env["privacy.preferences.page"]._html_lang(notice.lang),
            date=notice.published_at.strftime(MOMENT),
            version=notice.version,
        )

    @api.model
    def _event(self, event, hashed, proofs, company):
        sources = dict(event._fields["source"]._description_selection(self.env))
        is_head = event.id in proofs
        return content.Event(
            sha256=event.hash,
            hashed=hashed[event.id],
            kind=event.kind,
            value=event.value_to,
            date=(event.answered_at or event.date).strftime(MOMENT),
            method=sources[event.source],
            is_of_person=event.kind == "answer",
            notice=event.notice_id.sha256 or None,
            proof=proofs.get(event.id),
            proof_url=event._proof_url(company) if is_head else None,
        )
