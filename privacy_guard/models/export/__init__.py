from . import (
    consent_subject_export,
    privacy_export,
    privacy_export_part,
    privacy_export_source,
    privacy_export_content,
    privacy_request_export,
    mail_mail_export,
    privacy_export_download,
)
