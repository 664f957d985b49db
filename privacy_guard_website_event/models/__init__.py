from . import (
    consent_purpose,
    event_event,
    event_registration,
    privacy_gate,
    res_partner,
    website_visitor,
)
