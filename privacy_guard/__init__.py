from pathlib import Path

from odoo.tools import config

from . import controllers, models, report, wizard
from .hooks import post_init_hook, pre_init_hook, uninstall_hook
from .tools import installation

installation.settle(
    config["config"], config["data_dir"], str(Path(__file__).resolve().parents[1])
)
