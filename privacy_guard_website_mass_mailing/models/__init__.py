from . import privacy_web_form, privacy_web_form_pending
