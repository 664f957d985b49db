from . import (
    base_partner_merge,
    consent_reopen,
    consent_vouch,
)
