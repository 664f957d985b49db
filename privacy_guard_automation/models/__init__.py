from . import base_automation, consent_record, privacy_data_map
