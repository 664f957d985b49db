"""What changing a consent does to the person, besides the value and its event."""

from collections.abc import Callable
from typing import NamedTuple


class Effect(NamedTuple):
    """What a change does besides.

    :param str condition: SQL on "step" and "purpose"
    :param apply: called with the subjects of such changes, and the purpose
    """

    condition: str
    apply: Callable


EFFECTS = (
    Effect(
        """purpose.field_id IS NOT NULL
           AND (step.value = 'refused' OR step.kind = 'destroy')""",
        lambda people, purpose: people._privacy_erase_field(purpose.field_id.name),
    ),
    Effect(
        """purpose.field_id IS NOT NULL AND purpose.default_selection = 'no'
           AND purpose.active
           AND step.value = 'waiting' AND step.kind <> 'destroy'""",
        lambda people, purpose: people._privacy_withhold_field(purpose),
    ),
    # merging may bring along what is withheld of the other contact
    Effect(
        """purpose.field_id IS NOT NULL
           AND step.value NOT IN ('waiting', 'refused')
           AND (step.value_from = 'waiting' OR step.kind = 'merge')""",
        lambda people, purpose: people._privacy_restore_field(purpose),
    ),
    Effect(
        "purpose.tracking_scope IS NOT NULL AND step.value = 'refused'",
        lambda people, purpose: people._privacy_forget_engagement(
            purpose.tracking_scope
        ),
    ),
    Effect(
        "purpose.covers_email AND step.value = 'refused'",
        lambda people, purpose: people._privacy_leave_mailing_lists(purpose),
    ),
)
