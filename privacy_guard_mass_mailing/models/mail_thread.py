import re
from urllib.parse import parse_qsl, urlsplit

from odoo import api, models
from odoo.tools import consteq

from odoo.addons.privacy_guard.extending import addresses

# how a mail program leaves a mailing; what is signed in it are its values
ONE_CLICK = re.compile(r".*/mailing/(?P<id>[0-9]{1,9})/unsubscribe_oneclick")
DOCUMENT = re.compile(r"[0-9]{1,9}")


class MailThread(models.AbstractModel):
    """Complaints about mailings: of each trace it is known to whom the mail went."""

    _inherit = "mail.thread"

    @api.model
    def _privacy_take_complaint(self, report):
        proven = super()._privacy_take_complaint(report)
        self._privacy_traces_of(report)._privacy_note_complaint()
        return proven

    @api.model
    def _privacy_complaining(self, report):
        found = set(self._privacy_traces_of(report)._privacy_addresses().values())
        signed = map(self._privacy_signed_address, report.unsubscribe)
        found |= set(map(addresses.canonical, filter(None, signed)))
        return super()._privacy_complaining(report) | found

    @api.model
    def _privacy_traces_of(self, report):
        """:return: traces of the mail that a report is about, as superuser: by its
        Message-Id, or by the signed link in its headers"""
        # superuser: whoever reports is no user
        traces = self.env["mailing.trace"].sudo()
        found = traces
        if report.message_id:
            found = traces.search([("message_id", "=", report.message_id)])
        for url in report.unsubscribe if not found else ():
            if address := self._privacy_signed_address(url):
                found |= self._privacy_named_traces(url).filtered(
                    lambda trace, own=address: trace.email == own
                )
        return found

    @api.model
    def _privacy_signed_address(self, url):
        """Odoo signs for which mailing, document and address a link is. A provider that
        blacks the address out leaves the signature, and the trace has the address.

        :param str url: of a header, whoever has written it
        :return: the address for which it is signed, "" for none
        """
        mailing, values = self._privacy_mailing_named(url)
        document, token = values.get("document_id", ""), values.get("hash_token", "")
        if not (mailing and DOCUMENT.fullmatch(document) and token.isascii()):
            return ""
        named = [values.get("email"), *self._privacy_named_traces(url).mapped("email")]
        for address in filter(None, named):
            signed = mailing._generate_mailing_recipient_token(document, address)
            if consteq(signed, token):
                return address
        return ""

    @api.model
    def _privacy_named_traces(self, url):
        """:return: traces of the mailing and the document that a link names, as
        superuser, whether or not it is signed"""
        mailing, values = self._privacy_mailing_named(url)
        document = values.get("document_id", "")
        traces = mailing.env["mailing.trace"]
        if not mailing or not DOCUMENT.fullmatch(document):
            return traces
        return traces.search(
            [("mass_mailing_id", "=", mailing.id), ("res_id", "=", int(document))]
        )

    @api.model
    def _privacy_mailing_named(self, url):
        """:return: (the mailing that a link names, as superuser, perhaps empty; the
        values in it, by name)"""
        # superuser: whoever reports is no user
        mailings = self.env["mailing.mailing"].sudo()
        try:
            parts = urlsplit(url)
            values = dict(parse_qsl(parts.query, max_num_fields=10))
        except ValueError:
            return mailings, {}
        found = ONE_CLICK.fullmatch(parts.path)
        return mailings.browse(found and int(found["id"])).exists(), values
