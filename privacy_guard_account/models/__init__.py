from . import (
    account_bank_statement_line,
    account_move_send,
    privacy_data_map,
    privacy_export_content,
)
