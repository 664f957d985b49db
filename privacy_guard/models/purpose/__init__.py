from . import (
    res_users,
    consent_purpose,
    consent_purpose_rules,
    consent_purpose_implied,
    consent_purpose_target,
    consent_purpose_publish,
    consent_purpose_languages,
    consent_purpose_dpv,
    consent_notice,
    consent_sample,
)
