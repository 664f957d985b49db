import json

from odoo import api, models

# of the files, by the end of their names
CONTENT_TYPES = {
    ".jsonld": "application/ld+json; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}


class ConsentReceipt(models.AbstractModel):
    """The receipt as files: to read, and for programs."""

    _inherit = "consent.receipt"

    @api.model
    def _files(self, records):
        """:param records: as of :meth:`_issue`
        :return: {name: content as bytes}: the receipt to read, in the language of the
            context, and the same one for programs
        """
        receipt = self._issue(records)
        text = json.dumps(receipt, ensure_ascii=False, indent=2)
        return {
            "privacy-receipt.txt": self._text(records.sudo(), receipt).encode(),
            "privacy-receipt.jsonld": text.encode(),
        }

    @api.model
    def _text(self, records, receipt):
        """:return: the receipt for people, as plain text"""
        companies, chains = self._companies(records), self._chains(records)
        parts = [
            self.env._("Receipt of your privacy preferences"),
            self._text_company(companies[records[:1]]),
            self.env._("Number: %s", receipt["dct:identifier"]),
            *(
                self._text_part(record, node)
                + self._text_implied(record)
                + self._text_recorded(record, chains[record], companies[record])
                for record, node in zip(
                    records, receipt["dpv:hasRecordOfActivity"], strict=True
                )
            ),
            self._text_rights(companies[records[:1]]),
            receipt.get("rdfs:comment") or self._text_signed(receipt["proof"]),
        ]
        return "\n\n".join(parts) + "\n"

    @api.model
    def _text_company(self, company):
        """:return: who is responsible, and where they are reached"""
        party = self._controller(company)
        lines = (party.name, party.address, party.email, party.phone)
        return "\n".join(filter(None, lines))

    @api.model
    def _text_rights(self, company):
        """:return: how answers are changed, and who hears complaints"""
        said = self.env._(
            "You may change your answers at any time, as easily as before."
        )
        lines = [said, f"{company.get_base_url()}/my/privacy"]
        if company.privacy_authority:
            complain = self.env._("You may complain to an authority:")
            authority = (company.privacy_authority, company.privacy_authority_url)
            lines.append(" ".join([complain, *filter(None, authority)]))
        return "\n".join(lines)

    @api.model
    def _text_part(self, record, node):
        page = self.env["privacy.preferences.page"]
        people = self.env[record.res_model].sudo().browse(record.res_id).exists()
        answers = dict(record._fields["value"]._description_selection(self.env))
        notice, head = node["dpv:hasNotice"][0], node["dpv:hasConsentStatus"][-1]
        return self.env._(
            "%(name)s\n"
            "Your answer: %(answer)s\n"
            "Recorded: %(moment)s\n"
            "Text (version %(version)s):\n%(text)s\n"
            "Fingerprint of the text (SHA-256): %(sha256)s\n"
            "Reference of the record: %(event)s\n"
            "Proof, once it is sealed: %(url)s",
            name=notice["dct:title"],
            answer=page._answer_label(record.answer) or answers[record.value],
            moment=page._moment(record.answered_at or record.since, [people]),
            version=notice["schema:version"],
            text=notice["dct:description"],
            sha256=notice["schema:sha256"],
            event=head["schema:sha256"],
            url=head["schema:associatedMedia"]["schema:contentUrl"]["@id"],
        )

    @api.model
    def _text_implied(self, record):
        """:return: a line about what allows messages without an answer (TIM-3)"""
        people = self.env[record.res_model].sudo().browse(record.res_id).exists()
        text = self.env["privacy.preferences.page"]._implied(record, [people])
        return f"\n{text}" if text else ""

    @api.model
    def _text_recorded(self, record, chain, company):
        """:return: a line about an answer that the person did not give here"""
        said = chain.filtered(
            lambda event: (
                event.kind in ("answer", "merge") and event.value_to == record.answer
            )
        )[-1:]
        people = self.env[record.res_model].sudo().browse(record.res_id).exists()
        text = said and said._given()._recorded(company.name, [people])
        return f"\n{text}" if text else ""

    @api.model
    def _text_signed(self, proof):
        return self.env._(
            "Beside it comes the same receipt for programs, signed with the key %s",
            proof["verificationMethod"].partition("#")[0],
        )
