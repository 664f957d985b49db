from . import (
    consent_subject_mixin,
    consent_subject_mixin_address,
    consent_subject_mixin_proof,
    consent_subject_mixin_status,
    consent_subject_mixin_absorb,
    consent_subject_mixin_merge,
    consent_subject_mixin_summary,
    privacy_address_log,
    privacy_status_log,
    res_partner,
    res_partner_find,
    res_users,
)
