from . import (
    event_registration,
    event_registration_relationship,
    privacy_data_map,
    privacy_data_map_programme,
    privacy_export_content,
    privacy_guest,
    res_partner,
)
