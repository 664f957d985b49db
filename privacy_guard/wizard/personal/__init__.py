from . import (
    consent_add_field,
    consent_add_field_line,
)
