from . import (
    consent_event,
    consent_event_verify,
    consent_event_export,
    consent_evidence,
    consent_verification,
    consent_subject_mixin,
)
