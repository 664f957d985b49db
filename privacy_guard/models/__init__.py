from . import (
    consent_subject_row_mixin,
    consent_subject_mixin,
    privacy_gate,
    privacy_status_log,
    consent_purpose,
    consent_notice,
    consent_record,
    consent_event,
    consent_evidence,
    res_partner,
)
