from . import (
    consent_purpose,
    ir_model_fields,
    ir_model_fields_values,
)
