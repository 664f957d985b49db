from . import (
    consent_subject_mixin,
    privacy_gate,
    ir_model_fields,
    ir_ui_view,
    privacy_removal,
    privacy_removal_run,
)
