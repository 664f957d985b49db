from . import (
    test_consent_values,
    test_duplicates,
    test_field_locks,
    test_merge,
    test_purpose,
)
