"""What people are written to about."""

from dataclasses import dataclass

from odoo.tools import SQL


@dataclass(frozen=True)
class Campaign:
    """What distinguishes asking from notifying of revised texts; the rest is shared."""

    template: str  # XML id of the mail template
    due: SQL  # which consents (alias "record") the mail is about
    kind: str  # of the event appended for each of these consents
    value: str | None  # that they take, None: unchanged
    is_request: bool  # obeys the interval, and counts for it


REQUEST = Campaign(
    template="privacy_guard.mail_template_consent_request",
    due=SQL("record.value = 'applicable'"),
    kind="request",
    value="waiting",
    is_request=True,
)
REVISION = Campaign(
    template="privacy_guard.mail_template_consent_revision",
    due=SQL(
        "record.to_review AND record.review_told_at IS NULL"
        " AND record.value IN ('granted', 'refused')"
    ),
    kind="told",
    value=None,
    is_request=False,
)
