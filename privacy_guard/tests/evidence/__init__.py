from . import (
    test_evidence,
    test_ledger,
    test_log,
    test_log_restores,
    test_log_stamps,
    test_log_witnesses,
    test_receipts,
    test_verify,
)
