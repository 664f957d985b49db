from . import (
    privacy_data_map,
    privacy_export_content,
    res_partner,
    res_partner_relationship,
    sale_order,
    sale_order_relationship,
)
