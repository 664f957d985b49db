from . import account_move_send, privacy_data_map, privacy_export_content
