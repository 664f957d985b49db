from . import (
    test_mailing,
    test_mailing_contact,

    test_tracking,
    test_unsubscribe,
)
