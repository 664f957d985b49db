from . import (
    test_addresses,
    test_duplicates,
    test_identity,
    test_merge,
    test_no_binds_property,
)
