from . import (
    consent_purpose,
    ir_actions_server,
    mail_notification,
    privacy_gate,
    sms_sms,
    sms_sms_decision,
)
