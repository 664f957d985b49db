from . import (
    test_counting,
    test_less,
    test_mailing,
    test_mailing_contact,
    test_mailing_contact_rights,
    test_mailing_form,
    test_mailing_recipients,
    test_mailing_sending,
    test_tours,
    test_tracking,
    test_unsubscribe,
)
