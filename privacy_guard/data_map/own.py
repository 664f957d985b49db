"""What this add-on itself holds."""

from odoo.models import BaseModel
from odoo.tools import SQL

from .finders import by_address, by_record
from .personal_data import anonymise, blank, delete, keep


def of_request(_model: BaseModel) -> SQL:
    """Files that came with requests of the person: letters and the like."""
    return SQL(
        """
        SELECT subject.id, held.id
          FROM subject
          JOIN privacy_request_subject asked ON asked.res_model = subject.res_model
           AND asked.res_id = subject.res_id
          JOIN ir_attachment held ON held.res_model = 'privacy.request'
           AND held.res_id = asked.request_id
        """
    )


def of_erasure(_model: BaseModel) -> SQL:
    """Erasures of the person, where somebody wrote why, or one failed."""
    return SQL(
        """
        SELECT subject.id, held.id
          FROM subject
          JOIN privacy_erasure_subject erased ON erased.res_model = subject.res_model
           AND erased.res_id = subject.res_id
          JOIN privacy_erasure held ON held.id = erased.erasure_id
         WHERE held.reason IS NOT NULL OR held.failure IS NOT NULL
        """
    )


OWN = (
    delete("consent.sealed.value", by_record(), plain=True, reason="contact"),
    delete("consent.evidence", by_record(), plain=True, reason="contact"),
    delete(
        "consent.import.line",
        by_record(),
        by_address("person"),
        plain=True,
        reason="temporary",
    ),
    delete("consent.preference", by_record(), plain=True, reason="contact"),
    keep("consent.record", by_record(), reason="evidence"),
    keep("consent.event", by_record(), reason="evidence"),
    # until its time is over
    keep("privacy.decision", by_record(), reason="evidence"),
    blank(
        "privacy.request",
        by_record(),
        columns=("email", "identity"),
        reason="accountability",
    ),
    keep("privacy.request.subject", by_record(), reason="accountability"),
    delete("ir.attachment", of_request, reason="contact"),
    # what an officer wrote, or what failed, may name the person
    anonymise(
        "privacy.erasure",
        of_erasure,
        redact=("reason", "failure"),
        reason="accountability",
    ),
    blank("privacy.guest", by_address("email"), columns=("email",), reason="contact"),
    delete(
        "privacy.complaint", by_address("email"), plain=True, reason="correspondence"
    ),
    delete("consent.delivery", by_record(), plain=True, reason="contact"),
    delete("privacy.job.item", by_record(), plain=True, reason="temporary"),
    # its parts go with it
    delete("privacy.export", by_record(), plain=True, reason="contact"),
    delete("consent.proof.line", by_record(), plain=True, reason="contact"),
    keep("privacy.status.log", by_record(), reason="accountability"),
    keep("privacy.opt.in.log", by_record(), reason="accountability"),
    keep("privacy.address.log", by_record(), reason="accountability"),
    keep("privacy.access.log", by_record(), reason="accountability"),
)

OWN_EXEMPT = {
    "consent.import": "its file is deleted once it is imported, or in a month",
    "consent.peace": "keyed hashes, for some months",
    "consent.purpose": "who is asked what; it names no contact",
    "privacy.erasure.subject": "ids; what it keeps meanwhile is cleared",
    "privacy.erasure.line": "ids of rows, no values",
    "privacy.erasure.finding": "ids of rows, no values",
    "privacy.mail.post": "keyed hashes, for a day",
    "privacy.message.place": "keyed hashes, for a month",
    "privacy.page.post": "keyed hashes, for an hour",
    "privacy.request.code": "keyed hashes, for an hour",
    "privacy.suppression": "keyed hashes",
}
