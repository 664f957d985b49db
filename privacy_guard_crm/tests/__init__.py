from . import (
    test_lead_asking,
    test_lead_consents,
    test_lead_customer,
    test_lead_encryption,
    test_lead_erasure,
    test_lead_flood,
    test_lead_hidden,
    test_lead_identity,
    test_lead_import,
    test_lead_merge,
    test_lead_refused,
    test_tours,
)
