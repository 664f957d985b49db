from . import (
    test_settings,
    test_wizard_prerequisites,
)
