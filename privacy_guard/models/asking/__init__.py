from . import (
    consent_asking,
    consent_delivery,
    consent_delivery_run,
    consent_delivery_merge,
    consent_subject_mixin_eligibility,
    consent_subject_mixin,
    mail_mail,
    consent_request_mail,
    consent_request_mail_insert,
    consent_run,
    consent_run_step,
    ir_cron,
)
