from . import consent_purpose, snailmail_letter
