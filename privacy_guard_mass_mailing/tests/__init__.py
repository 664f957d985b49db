from . import test_mailing, test_tours, test_tracking, test_unsubscribe
