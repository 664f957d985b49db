from . import (
    consent_purpose,
    consent_subject_mixin,
    ir_actions_server,
    mail_notification,
    privacy_gate,
    sms_sms,
)
