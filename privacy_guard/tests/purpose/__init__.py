from . import (
    test_consent_targets,
    test_purpose,
    test_purpose_companies,
    test_wizard_purpose,
    test_wizard_switch_on,
)
