from . import (
    consent_subject_mixin,
    privacy_mail_post,
    privacy_page_post,
    privacy_preferences_link,
    privacy_preferences_page,
    privacy_preferences_form,
    privacy_preferences_receipt,
    privacy_preferences_request,
    ir_http,
    res_company,
    res_users,
    res_partner,
)
