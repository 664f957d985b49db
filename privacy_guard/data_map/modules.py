"""What other modules of Odoo hold, where they are installed. The catalogue finds the
rows: by links to the person, and by columns that are their address or number.

What has lost its texts stays for those who count with it: hours of a task, places of a
course, the stock of an order.
"""

from .finders import by_contact
from .mail_finders import invited
from .personal_data import anonymise, blank, delete, keep

HIRING = (
    blank(
        "hr.applicant",
        columns=(
            "partner_name",
            "email_from",
            "email_normalized",
            "partner_phone",
            "partner_phone_sanitized",
            "linkedin_profile",
            "salary_proposed_extra",
            "salary_expected_extra",
            "applicant_properties",
            "applicant_notes",
        ),
        reason="contact",
        with_history=True,
    ),
)

MEETINGS = (
    delete("ir.attachment", invited, reason="correspondence"),
    anonymise(
        "calendar.event",
        redact=("name", "description", "notes", "location"),
        reason="shared",
    ),
    keep("calendar.attendee", by_contact("partner_id"), reason="pseudonymous"),
    delete(
        "calendar.filters", by_contact("partner_id"), plain=True, reason="temporary"
    ),
)

ANSWERS = (
    blank("survey.user_input", columns=("email", "nickname"), reason="contact"),
    delete("mail.group.member", reason="list"),
    blank("mail.group.message", columns=("email_from_normalized",), reason="contact"),
    delete("mail.group.moderation", reason="list"),
)

SHOP = (
    delete("product.wishlist", reason="contact"),
    keep("loyalty.card", reason="pseudonymous"),
    keep("loyalty.history", reason="pseudonymous"),
    blank(
        "pos.order",
        columns=("email", "mobile", "floating_order_name", "general_customer_note"),
        reason="contact",
    ),
    blank("pos.payment", columns=("cardholder_name",), reason="contact"),
    delete("stock.notification", reason="list"),
)

LEARNING = (
    keep("slide.channel.partner", reason="pseudonymous"),
    keep("slide.slide.partner", reason="pseudonymous"),
    delete("slide.channel.invite", reason="temporary"),
    keep("forum.post", reason="pseudonymous"),
)

WORK = (
    anonymise(
        "project.task",
        blank=("email_from", "partner_phone", "partner_name"),
        redact=("name", "description", "email_cc"),
        reason="shared",
    ),
    keep("project.project", reason="pseudonymous"),
    delete("project.collaborator", reason="account"),
    anonymise(
        "helpdesk.ticket",
        blank=("partner_name", "partner_email", "partner_phone"),
        redact=("name", "description", "email_cc"),
        reason="shared",
    ),
    anonymise(
        "repair.order", redact=("internal_notes", "repair_request"), reason="shared"
    ),
    *(
        keep(name, reason="pseudonymous")
        for name in (
            "fleet.vehicle",
            "fleet.vehicle.assignation.log",
            "fleet.vehicle.log.contract",
            "fleet.vehicle.log.services",
            "fleet.vehicle.odometer",
            "maintenance.equipment",
            "maintenance.request",
            "purchase.order",
            "purchase.order.line",
            "purchase.requisition",
            "stock.lot",
            "stock.move",
            "stock.move.line",
            "stock.picking",
            "stock.quant",
            "stock.rule",
            "stock.scrap",
        )
    ),
)

# Odoo's own log of who looked for whom, which masks them.
LOOKUPS = (keep("privacy.log", reason="accountability"),)

MODULES = (*HIRING, *MEETINGS, *ANSWERS, *SHOP, *LEARNING, *WORK, *LOOKUPS)
