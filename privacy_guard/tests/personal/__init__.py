from . import (
    test_personal_fields,
    test_privacy_field,
)
