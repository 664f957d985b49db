from . import (
    consent_subject_mixin,
    privacy_export,
    privacy_export_part,
    privacy_export_content,
    privacy_export_content_files,
    privacy_export_content_sources,
    privacy_request,
    mail_mail,
    privacy_export_download,
)
