from . import test_mailing, test_tracking, test_unsubscribe
