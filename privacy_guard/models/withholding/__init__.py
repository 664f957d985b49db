from . import (
    consent_subject_withhold,
    consent_purpose_withhold,
    consent_sealed_value,
    consent_sealed_value_seal,
    consent_sealed_value_key,
    consent_sealed_value_due,
    consent_sealed_value_run,
)
