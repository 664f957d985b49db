from . import (
    consent_record,
    consent_subject_mixin,
    ir_model_fields,
    mailing_contact,
    mailing_list,
    mailing_mailing,
    mailing_trace,
    privacy_export_content,
    privacy_gate,
    privacy_holdings,
    sms_sms,
)
