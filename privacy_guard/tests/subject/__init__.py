from . import (
    test_addresses,
    test_duplicates,
    test_merge,
)
