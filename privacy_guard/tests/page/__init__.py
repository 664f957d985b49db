from . import (
    test_new_address,
    test_odd_input,
    test_personal_link,
    test_portal_privacy,
    test_preferences_designer,
    test_preferences_one_click,
    test_preferences_others,
    test_preferences_page,
    test_preferences_refusals,
    test_preferences_rights,
    test_preferences_scanner,
    test_preferences_why,
)
