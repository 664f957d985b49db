import ipaddress

from odoo import api, models
from odoo.tools import format_datetime

from .consent_event import OWN

# how much of an address the pack shows: where it was, not which machine
NETWORK_BITS = {4: 24, 6: 48}


class ConsentProof(models.AbstractModel):
    """How a person answered, as a proof pack shows it."""

    _inherit = "consent.proof"

    @api.model
    def _answer(self, event, company):
        """:param company: by whose clock it is said, too
        :return: dict of what is shown of one answer"""
        evidence = event.evidence_ids[:1]
        return {
            "event": event,
            "moment": self._moment(event.answered_at or event.date),
            "local": self._local(event.answered_at or event.date, company),
            "source": self._label(event, "source"),
            "value": self._label(event, "value_to"),
            "address": self._label(event, "address_match"),
            "network": self._network(evidence.ip),
            "evidence": evidence,
            # superuser: the row was found by the officer; its document is an attachment
            "document": evidence.sudo()._hash_of(
                evidence.sudo().with_context(bin_size=False).document
            ),
            "is_erased": bool(event.evidence_hash and not evidence),
            "is_recorded": event.source not in OWN,
        }

    @api.model
    def _network(self, ip):
        """:return: the network that an address is in, not the address itself"""
        try:
            address = ipaddress.ip_address((ip or "").partition("%")[0])
        except ValueError:
            return ""
        bits = NETWORK_BITS[address.version]
        return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))

    @api.model
    def _local(self, value, company):
        """:return: the same moment in words, by the clock of the company"""
        tz = company._privacy_tz()
        return format_datetime(self.env, value, tz=tz, dt_format="long")
