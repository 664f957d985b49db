from . import (
    test_duplicates,
    test_identity,
    test_merge,
)
