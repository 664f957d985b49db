from . import (
    consent_report,
    privacy_field,
    privacy_field_encryption,
    privacy_field_values,
    privacy_job,
    privacy_job_sql,
)
