from . import (
    consent_subject_mixin,
    consent_subject_address,
    consent_subject_status,
    consent_subject_merge,
    consent_subject_summary,
    privacy_status_log,
    res_partner,
    res_users,
)
