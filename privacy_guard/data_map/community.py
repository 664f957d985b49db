"""What common modules of the Odoo community hold, where they are installed. The
catalogue finds the rows, whichever fields a version of the module has."""

from .personal_data import blank, delete, keep

COMMUNITY = (
    # passports, driving licences
    delete("res.partner.id_number", reason="contact"),
    # who is whose wife, employer, doctor
    delete("res.partner.relation", reason="contact"),
    blank(
        "crm.phonecall",
        columns=("email_from", "partner_phone", "partner_mobile", "description"),
        reason="correspondence",
        with_history=True,
    ),
    # when and where somebody opened a mail
    delete("mail.tracking.event", plain=True, reason="correspondence"),
    delete("mail.tracking.email", plain=True, reason="correspondence"),
    # values of whatever field, old and new
    delete("auditlog.log.line", plain=True, reason="correspondence"),
    keep("contract.contract", reason="pseudonymous"),
    keep("contract.line", reason="pseudonymous"),
    keep("membership.membership_line", reason="pseudonymous"),
    keep("rma", reason="pseudonymous"),
)
