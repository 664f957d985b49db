from . import (
    consent_subject_mixin,
    consent_evidence,
    privacy_preferences_link,
    privacy_preferences_page,
    privacy_preferences_form,
    privacy_preferences_receipt,
    privacy_preferences_request,
    ir_http,
)
