from . import (
    privacy_setting_log,
    privacy_gate,
    ir_config_parameter,
    ir_module_module,
    res_company,
    res_config_settings,
    res_config_settings_key,
    res_config_settings_log,
    res_config_settings_asking,
)
