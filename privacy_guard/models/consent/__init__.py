from . import (
    consent_subject_mixin,
    consent_preference,
    consent_subject_mixin_preference,
    consent_record,
    consent_record_derived,
    consent_record_change,
    consent_record_objected,
    consent_record_end,
    consent_record_relationship,
    consent_subject_mixin_relationship,
    consent_purpose,
)
