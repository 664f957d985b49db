from . import (
    privacy_api,
    privacy_api_evidence,
    privacy_api_reference,
)
