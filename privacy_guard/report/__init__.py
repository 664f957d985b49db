from . import consent_report
