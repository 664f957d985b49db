from . import (
    consent_subject_link,
    consent_evidence_rate,
    privacy_preferences_link,
    privacy_preferences_page,
    privacy_preferences_receipt,
    privacy_preferences_request,
    ir_http,
)
