from . import (
    test_request,
    test_request_handling,
    test_request_identity,
    test_request_stop,
)
