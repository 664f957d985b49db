from . import (
    consent_import,
    consent_import_line,
    consent_import_line_record,
)
