from . import (
    test_dashboard,
    test_sender_check,
    test_setting_log,
    test_settings,
    test_wizard_key,
    test_wizard_prerequisites,
)
