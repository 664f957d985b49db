from . import (
    test_data_map,
    test_erasure,
    test_erasure_addresses,
    test_erasure_journal,
    test_guest,
    test_suppression,
    test_undeclared,
)
