from . import (
    base,
    consent_purpose,
    consent_subject_mixin,
    ir_model_fields,
    ir_module_module,
    mail_thread_phone,
    privacy_gate,
    res_partner,
)
