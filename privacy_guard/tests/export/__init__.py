from . import (
    test_export,
    test_export_page,
)
