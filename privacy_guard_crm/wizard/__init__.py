from . import consent_answer, consent_reopen, privacy_request_make
