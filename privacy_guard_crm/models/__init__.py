from . import (
    consent_purpose,
    crm_lead,
    crm_lead_address,
    crm_lead_customer,
    crm_lead_erase,
    crm_lead_mail,
    crm_lead_merge,
    crm_team,
    ir_model_fields,
    privacy_data_map,
    privacy_export_content,
)
