from . import (
    evidence,
    one_click,
    opt_in,
    portal,
    preferences,
    preferences_flow,
    preferences_request,
    preferences_response,
)
