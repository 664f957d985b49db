from . import (
    test_setting_log,
    test_settings,
    test_wizard_prerequisites,
)
