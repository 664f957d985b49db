from . import (
    mail_blacklist,
    mail_thread_blacklist,
    consent_subject_mixin,
    consent_subject_mixin_address,
    consent_subject_mixin_addresses,
    consent_subject_mixin_status,
    consent_subject_mixin_absorb,
    consent_subject_mixin_merge,
    consent_subject_mixin_summary,
    privacy_status_log,
    res_partner,
    res_users,
)
