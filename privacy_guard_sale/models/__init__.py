from . import privacy_data_map, privacy_export_content, res_partner, sale_order
