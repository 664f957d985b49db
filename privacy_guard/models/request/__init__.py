from . import (
    consent_subject_mixin,
    privacy_request,
    privacy_request_identity,
    privacy_request_subject,
    privacy_request_make,
    privacy_request_code,
    privacy_request_handling,
    privacy_request_notify,
    privacy_request_stop,
)
