"""What other modules of Odoo hold, where they are installed. The catalogue finds the
rows: by links to the person, and by columns that are their address or number.

What has lost its texts stays for those who count with it: hours of a task, places of a
course, the stock of an order.
"""

from .finders import by_address, by_contact, by_parent
from .mail_finders import invited
from .personal_data import anonymise, blank, delete, keep, unlink

HIRING = (
    blank(
        "hr.applicant",
        columns=(
            "partner_name",
            "email_from",
            "email_normalized",
            "partner_phone",
            "partner_phone_sanitized",
            "phone_sanitized",
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

# Not undecided: what becomes of it is the law's on employment, not an officer's.
EMPLOYMENT = (
    *(
        keep(name, reason="employment")
        for name in (
            "hr.employee",
            "hr.version",
            "hr.resume.line",
            "hr.leave",
            "hr.expense",
            # their name, by which shifts and leave are planned
            "resource.resource",
        )
    ),
    keep("hr.work.location", reason="pseudonymous"),
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
    # what they wrote; what they chose says nothing of nobody
    blank(
        "survey.user_input.line",
        by_parent("user_input_id", by_contact("partner_id"), by_address("email")),
        columns=("value_char_box", "value_text_box"),
        reason="contact",
    ),
    delete("mail.group.member", reason="list"),
    blank("mail.group.message", columns=("email_from_normalized",), reason="contact"),
    delete("mail.group.moderation", reason="list"),
)

SHOP = (
    delete("product.wishlist", reason="contact"),
    keep("loyalty.card", reason="pseudonymous"),
    anonymise(
        "loyalty.history",
        by_parent("card_id", by_contact("partner_id")),
        redact=("description",),
        reason="pseudonymous",
    ),
    blank(
        "pos.order",
        columns=("email", "mobile", "floating_order_name", "general_customer_note"),
        reason="contact",
    ),
    blank(
        "pos.order.line",
        by_parent("order_id", by_contact("partner_id")),
        columns=("customer_note", "note"),
        reason="contact",
    ),
    blank(
        "pos.payment",
        by_parent("pos_order_id", by_contact("partner_id")),
        columns=("cardholder_name",),
        reason="contact",
    ),
    unlink("product.product", reason="list"),
    delete("stock.notification", reason="list"),
)

LEARNING = (
    keep("slide.channel.partner", reason="pseudonymous"),
    keep("slide.slide", reason="pseudonymous"),
    keep("slide.slide.partner", reason="pseudonymous"),
    keep("gamification.karma.tracking", reason="pseudonymous"),
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
    anonymise("project.project", redact=("name", "description"), reason="shared"),
    *(
        anonymise(
            name,
            by_parent("project_id", by_contact("partner_id")),
            redact=("name", "description"),
            reason="shared",
        )
        for name in ("project.update", "project.milestone")
    ),
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
    # what is the company's own, and notes about it
    *(
        anonymise(name, redact=columns, reason="shared")
        for name, columns in (
            ("fleet.vehicle", ("description",)),
            ("fleet.vehicle.log.contract", ("notes",)),
            ("fleet.vehicle.log.services", ("description", "notes")),
            ("maintenance.equipment", ("name", "note")),
            ("maintenance.request", ("name", "description", "email_cc")),
            ("stock.picking", ("origin", "note")),
        )
    ),
    *(
        keep(name, reason="pseudonymous")
        for name in (
            "fleet.vehicle.assignation.log",
            "fleet.vehicle.odometer",
            "purchase.order",
            "purchase.order.line",
            "purchase.requisition",
            "stock.lot",
            "stock.move",
            "stock.move.line",
            "stock.quant",
            "stock.rule",
            "stock.scrap",
        )
    ),
)

# Odoo's own log of who looked for whom, which masks them.
LOOKUPS = (keep("privacy.log", reason="accountability"),)

MODULES = (
    *HIRING,
    *EMPLOYMENT,
    *MEETINGS,
    *ANSWERS,
    *SHOP,
    *LEARNING,
    *WORK,
    *LOOKUPS,
)
