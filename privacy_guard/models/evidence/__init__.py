from . import (
    consent_event,
    consent_event_verify,
    consent_event_export,
    consent_evidence,
    privacy_log,
    privacy_log_leaf,
    privacy_log_tile,
    privacy_log_checkpoint,
    privacy_log_restore,
    consent_event_log,
    consent_verification,
    consent_subject_mixin,
)
