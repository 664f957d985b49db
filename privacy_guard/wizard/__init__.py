from . import (
    consent,
    consent_delete,
    consent_verify,
    mail_compose_message,
    personal,
    privacy_encrypt,
    privacy_erase,
    privacy_uninstall,
    purpose,
    request,
    settings,
    subject,
)
