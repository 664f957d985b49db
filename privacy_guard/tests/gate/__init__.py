from . import (
    test_belongings,
    test_emptied,
    test_field_locks,
    test_other_records,
    test_prefilled,
    test_refused_values,
    test_tracking,
    test_unattended,
    test_uninstall,
)
