from . import (
    event_registration,
    privacy_data_map,
    privacy_data_map_programme,
    privacy_export_content,
    privacy_guest,
)
