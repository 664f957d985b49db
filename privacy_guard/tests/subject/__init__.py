from . import (
    test_addresses,
    test_duplicates,
    test_identity,
    test_merge,
)
