from . import (
    one_click,
    portal,
    preferences,
    preferences_flow,
    preferences_request,
)
