from . import (
    consent_event,
    consent_event_verify,
    consent_event_export,
    consent_evidence,
    consent_log,
    consent_log_leaf,
    consent_log_tile,
    consent_log_checkpoint,
    consent_log_restore,
    consent_event_log,
    consent_verification,
    consent_subject_mixin,
)
