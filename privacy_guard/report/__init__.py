from . import consent_report, privacy_field
