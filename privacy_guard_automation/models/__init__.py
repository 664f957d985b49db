from . import base_automation, consent_record
