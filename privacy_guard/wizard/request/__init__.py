from . import (
    privacy_request_decide,
    privacy_request_make,
)
