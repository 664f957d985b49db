from . import mailing_mailing, privacy_web_form, privacy_web_form_pending
