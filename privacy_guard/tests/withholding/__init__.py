from . import (
    test_withholding,
    test_withholding_access,
    test_withholding_batch,
    test_withholding_encrypted,
    test_withholding_key,
    test_withholding_merge,
    test_withholding_types,
)
