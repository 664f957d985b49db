from . import (
    consent_linked_mixin,
    consent_linked_answers,
    consent_linked_mail,
    privacy_gate_linked,
    consent_purpose_linked,
    res_partner_linked,
)
