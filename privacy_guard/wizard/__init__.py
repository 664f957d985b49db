from . import (
    base_partner_merge,
    consent_add_field,
    consent_add_field_line,
    consent_answer,
    consent_answer_line,
    consent_delete,
    consent_prerequisites,
    consent_prerequisites_line,
    consent_publish,
    consent_reopen,
    consent_verify,
)
