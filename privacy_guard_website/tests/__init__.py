from . import (
    test_domains,
    test_signup,
    test_tours,
    test_visitor,
    test_web_form,
    test_web_form_boxes,
    test_web_form_confirm,
    test_web_form_pending,
)
