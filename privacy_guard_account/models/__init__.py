from . import account_move_send, privacy_export_content, privacy_holdings
