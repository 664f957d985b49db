from . import base_automation, consent_record, privacy_holdings
