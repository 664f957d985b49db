from . import (
    consent_subject_removed,
    privacy_gate_removed,
    privacy_gate_view_removed,
    ir_model_fields_removal,
    ir_ui_view,
    privacy_removal,
    privacy_removal_run,
)
