from . import (
    consent_subject_mixin,
    consent_purpose,
    consent_sealed_value,
    consent_sealed_value_seal,
    consent_sealed_value_key,
    consent_sealed_value_due,
    consent_sealed_value_enforce,
    consent_sealed_value_run,
)
