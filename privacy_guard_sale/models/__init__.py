from . import privacy_export_content, privacy_holdings, res_partner, sale_order
