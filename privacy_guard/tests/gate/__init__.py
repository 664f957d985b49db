from . import (
    test_field_locks,
    test_tracking,
    test_uninstall,
)
