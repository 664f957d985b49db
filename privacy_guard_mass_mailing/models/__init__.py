from . import (
    consent_subject_mixin,
    link_tracker,
    link_tracker_click,
    mail_mail,
    mailing_list,
    mailing_mailing,
    mailing_mailing_statistics,
    mailing_trace,
    privacy_gate,
    privacy_holdings,
    res_config_settings,
)
