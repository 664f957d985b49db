"""What common modules of the Odoo community hold, where they are installed.

Mostly the catalogue finds the rows, whichever fields a version of the module has. Where
rows lead to several people and are about one of them, a finder says whose they are: the
catalogue would take them for somebody else's as well.
"""

from odoo.models import BaseModel
from odoo.tools import SQL

from .finders import Finder, by_address, by_contact, by_parent
from .personal_data import anonymise, blank, delete, keep, unlink


def if_there(name: str, finder: Finder) -> Finder:
    """Rows that a finder finds, of versions of the module with this field."""

    def found(model: BaseModel) -> SQL:
        return finder(model) if name in model._fields else SQL("SELECT 0, 0 LIMIT 0")

    return found


def audited(_model: BaseModel) -> SQL:
    """What was logged of the record of the person, which stands there in a list."""
    return SQL(
        """
        SELECT subject.id, held.id
          FROM subject
          JOIN auditlog_log held ON held.model_model = subject.res_model
           AND held.res_ids ~ ('(?<![0-9])' || subject.res_id || '(?![0-9])')
        """
    )


TRACKED_MAILS = (
    if_there("partner_id", by_contact("partner_id")),
    if_there("recipient_address", by_address("recipient_address")),
)

# passports, relatives, numbers at other services
CONTACTS = (
    delete(
        "res.partner.id_number",
        if_there("partner_id", by_contact("partner_id")),
        reason="contact",
    ),
    # who is whose wife, employer, doctor
    delete("res.partner.relation", reason="contact"),
    unlink("res.partner.interest.group", reason="contact"),
    delete(
        "res.partner.gateway.channel",
        if_there("partner_id", by_contact("partner_id")),
        reason="contact",
    ),
    # with whom an employee lives, who has no duties of an employee
    delete("hr.employee.relative", reason="contact"),
)

CORRESPONDENCE = (
    blank(
        "crm.phonecall",
        columns=("email_from", "partner_phone", "partner_mobile", "description"),
        label=("name",),
        reason="correspondence",
        with_history=True,
    ),
    blank(
        "crm.claim",
        columns=(
            "email_from",
            "partner_phone",
            "email_cc",
            "description",
            "resolution",
            "cause",
            "user_fault",
        ),
        label=("name",),
        reason="correspondence",
        with_history=True,
    ),
    # when and where somebody opened a mail; events before the mails by which they are
    # found
    delete(
        "mail.tracking.event",
        if_there("tracking_email_id", by_parent("tracking_email_id", *TRACKED_MAILS)),
        if_there("recipient_address", by_address("recipient_address")),
        plain=True,
        reason="correspondence",
    ),
    delete("mail.tracking.email", *TRACKED_MAILS, plain=True, reason="correspondence"),
)

# values of whatever field, old and new, and who had them
LOGS = (
    delete(
        "auditlog.log.line",
        if_there("log_id", by_parent("log_id", audited)),
        plain=True,
        reason="correspondence",
    ),
    blank("auditlog.log", audited, columns=("name",), reason="accountability"),
    delete("auditlog.http.request", plain=True, reason="account"),
    delete("auditlog.http.session", plain=True, reason="account"),
    keep("impersonate.log", reason="accountability"),
)

AGREEMENTS = (
    # their names and notes may name the person; who it was leads to nobody any more
    *(
        anonymise(name, reason="pseudonymous")
        for name in (
            "contract.contract",
            "contract.line",
            "sale.subscription",
            "membership.membership_line",
            "rma",
        )
    ),
    *(
        keep(name, reason="claims")
        for name in (
            "sign.oca.request",
            "sign.oca.request.signer",
            "sign.oca.request.log",
        )
    ),
)

COMMUNITY = (*CONTACTS, *CORRESPONDENCE, *LOGS, *AGREEMENTS)
