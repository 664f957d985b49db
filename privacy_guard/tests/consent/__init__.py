from . import (
    test_consent_values,
    test_values_property,
    test_wizard_contact,
)
