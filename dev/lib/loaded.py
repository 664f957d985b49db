"""Imported by the process that those of Odoo are forked from, see `forked`: Odoo, the
add-ons that every database has, and the models of such a database."""

import gc

import odoo.cli.server
import odoo.cli.shell  # noqa: F401
from odoo.modules.module import Manifest, load_openerp_module
from odoo.tools import config

from dev.lib import kept_models, template


def _load(name: str) -> None:
    for needed in Manifest.for_addon(name)["depends"]:
        _load(needed)
    load_openerp_module(name)


config.parse_config([], setup_logging=False)
for _name in sorted(template.SMALL):
    _load(_name)
kept_models.keep()
# What is here stays here, and is shared with who is forked.
gc.collect()
gc.freeze()
