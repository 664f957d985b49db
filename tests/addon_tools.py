"""The add-on's tools as a package of their own: importing the add-on imports Odoo."""

import importlib
import importlib.util
import sys
from pathlib import Path

NAME = "addon_tools_package"
TOOLS = Path(__file__).parents[1] / "privacy_guard" / "tools"


def load(name):
    """:return: the module of that name"""
    if NAME not in sys.modules:
        spec = importlib.util.spec_from_file_location(NAME, TOOLS / "__init__.py")
        sys.modules[NAME] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[NAME])
    return importlib.import_module(f"{NAME}.{name}")
