from . import (
    consent_report,
    privacy_dashboard,
    privacy_dashboard_numbers,
    privacy_dashboard_steps,
    privacy_field,
    privacy_field_encryption,
    privacy_field_values,
    privacy_job,
    privacy_job_explained,
    privacy_job_sql,
)
