from . import (
    consent_linked_mixin,
    consent_linked_answers,
    consent_linked_mail,
    consent_linked_uninstall,
    privacy_gate_linked,
    consent_purpose_linked,
    res_partner_linked,
)
