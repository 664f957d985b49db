from . import (
    consent_subject_mixin,
    consent_record,
    consent_record_derived,
    consent_record_change,
)
