from . import preferences_response, preferences_flow, preferences, one_click, portal
