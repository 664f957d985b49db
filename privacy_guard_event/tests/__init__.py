from . import test_event_erasure, test_event_mail
