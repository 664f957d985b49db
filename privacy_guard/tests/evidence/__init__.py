from . import (
    test_evidence,
    test_ledger,
    test_log,
    test_receipts,
    test_verify,
)
