from . import (
    base_partner_merge,
    consent_add_field,
    consent_add_field_line,
    consent_answer,
    consent_answer_line,
    consent_prerequisites,
    consent_prerequisites_line,
    consent_publish,
    consent_reopen,
    consent_switch_on,
    consent_verify,
    privacy_encrypt,
)
