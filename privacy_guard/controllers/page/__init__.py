from . import (
    new_address,
    objection,
    one_click,
    portal,
    preferences,
    preferences_flow,
    preferences_request,
    signup,
    why,
)
