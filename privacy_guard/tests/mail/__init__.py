from . import (
    test_answer_address,
    test_channel_gate,
    test_mail_decision,
    test_mail_footer,
    test_mail_gate,
    test_mail_objection,
    test_opt_in,
    test_reach,
)
