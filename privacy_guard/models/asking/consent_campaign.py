"""What people are written to about."""

from collections.abc import Callable
from dataclasses import dataclass

from odoo.tools import SQL


@dataclass(frozen=True)
class Campaign:
    """What distinguishes asking from notifying of revised texts; the rest is shared."""

    template: str  # XML id of the mail template
    # consent.record -> SQL of which consents (alias "record") the mail is about
    due: Callable
    kind: str  # of the event appended for each of these consents
    value: str | None  # that they take, None: unchanged
    is_request: bool  # is undone where it does not arrive
    is_asking: bool  # obeys the interval, and counts for it
    is_used: Callable = lambda _env: True  # env -> whether there may be anything due


REQUEST = Campaign(
    template="privacy_guard.mail_template_consent_request",
    # nobody is asked again at once for the same (TIM-1)
    due=lambda records: SQL(
        "record.value = 'applicable' AND NOT %s", records._in_peace_sql("record")
    ),
    kind="request",
    value="waiting",
    is_request=True,
    is_asking=True,
)
REVISION = Campaign(
    template="privacy_guard.mail_template_consent_revision",
    due=lambda _records: SQL(
        "record.to_review AND record.review_told_at IS NULL"
        " AND record.value IN ('granted', 'refused')"
    ),
    kind="told",
    value=None,
    is_request=False,
    is_asking=False,
)
# who has not answered (JOB-6)
REMINDER = Campaign(
    template="privacy_guard.mail_template_consent_request",
    due=lambda records: records._to_remind_sql("record"),
    kind="remind",
    value=None,
    is_request=False,
    is_asking=True,
    is_used=lambda env: env["consent.record"]._reminders().number > 0,
)
# whose yes ends soon (TIM-4)
ENDING = Campaign(
    template="privacy_guard.mail_template_consent_ending",
    due=lambda records: records._ending_sql("record"),
    kind="expiring",
    value=None,
    is_request=False,
    is_asking=False,
    is_used=lambda env: env["consent.purpose"]._any_ends(),
)
