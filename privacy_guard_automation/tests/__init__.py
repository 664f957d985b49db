from . import test_automation, test_mandatory_mail
