from . import privacy_export_content, privacy_holdings
