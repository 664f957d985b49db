from . import (
    test_duplicates,
    test_merge,
)
