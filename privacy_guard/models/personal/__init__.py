from . import (
    consent_purpose_fields,
    consent_purpose_sensitive,
    ir_model_fields,
    ir_model_fields_obstacle,
    ir_model_fields_sensitive,
    ir_model_fields_values,
)
