from . import (
    test_encryption_elsewhere,
    test_encryption_log,
    test_encryption_search,
    test_encryption_switching,
    test_encryption_values,
    test_encryption_views,
    test_tours_encryption,
    test_wizard_encrypt,
)
