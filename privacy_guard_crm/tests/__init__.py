from . import (
    test_invitations,
    test_lead_asking,
    test_lead_consents,
    test_lead_customer,
    test_lead_encryption,
    test_lead_erasure,
    test_lead_import,
    test_lead_merge,
    test_tours,
)
