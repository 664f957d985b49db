from . import (
    event_registration,
    privacy_export_content,
    privacy_holdings,
    privacy_holdings_programme,
)
