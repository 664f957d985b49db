from . import (
    consent_subject_answer,
    consent_record,
    consent_record_change,
)
