from . import (
    consent_purpose,
    consent_subject_mixin,
    ir_actions_server,
    mail_notification,
    privacy_gate,
    privacy_reach,
    sms_sms,
    sms_sms_decision,
)
