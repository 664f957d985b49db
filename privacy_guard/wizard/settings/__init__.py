from . import (
    consent_prerequisites,
    consent_prerequisites_line,
    privacy_disable,
    privacy_key,
    privacy_sender_check,
)
