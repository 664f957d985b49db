from . import (
    privacy_gate,
    privacy_gate_refusal,
    privacy_gate_stop,
    privacy_gate_track,
    privacy_gate_uninstall,
    privacy_gate_view,
    consent_subject_mixin,
    ir_attachment,
    res_partner_category,
    consent_subject_mixin_uninstall,
)
