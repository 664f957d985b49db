from . import test_sms_encrypted, test_sms_gate, test_sms_reply, test_tours
