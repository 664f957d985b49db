from . import (
    consent_publish,
    consent_switch_on,
)
