from . import (
    test_sms_mailing,
    test_sms_mailing_encrypted,
    test_sms_stop,
    test_sms_tracking,
)
