from . import (
    consent_linked_mixin,
    consent_linked_mixin_answers,
    consent_linked_mixin_stop,
    consent_linked_mixin_mail,
    privacy_gate,
    consent_purpose,
    res_partner,
)
