from . import (
    consent_answer,
    consent_answer_line,
)
