from . import (
    consent_record,
    consent_subject_mixin,
    ir_model_fields,
    mailing_contact,
    mailing_list,
    mailing_mailing,
    mailing_trace,
    privacy_data_map,
    privacy_export_content,
    privacy_gate,
    sms_sms,
)
