from . import (
    consent_purpose,
    library_loan,
    library_member,
    privacy_data_map,
    privacy_export_content,
    privacy_gate,
    privacy_request,
)
