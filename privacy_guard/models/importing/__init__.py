from . import (
    consent_import,
    consent_import_line,
    consent_import_line_lock,
    consent_import_line_record,
    consent_import_run,
)
