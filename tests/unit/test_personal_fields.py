"""The table of suggestions, without a database."""

import importlib.util
import re
from pathlib import Path

import pytest

# The module needs no Odoo, but its package does: load the file itself.
_FILE = Path(__file__).parents[2] / "privacy_guard" / "tools" / "personal_fields.py"
_SPEC = importlib.util.spec_from_file_location("privacy_guard_personal_fields", _FILE)
personal_fields = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(personal_fields)


def suggested(name):
    """:return: (what it says about a person, flag) of the first row that matches"""
    for category, flag, words in personal_fields.SUGGESTIONS:
        if re.search(personal_fields.pattern(words), name):
            return category, flag
    return None


@pytest.mark.parametrize(
    "name, category, flag",
    [
        ("phone", "contact", "personal"),
        ("phone2", "contact", "personal"),
        ("street", "address", "personal"),
        ("street2", "address", "personal"),
        ("zip", "address", "personal"),
        ("city", "address", "personal"),
        ("name", "name", "personal"),
        ("x_first_name", "name", "personal"),
        ("x_birthday", "birth", "personal"),
        ("x_date_of_birth", "birth", "personal"),
        ("x_geburtsdatum", "birth", "personal"),
        ("vat", "identity", "personal"),
        ("x_national_id", "identity", "personal"),
        ("x_passport_number", "identity", "personal"),
        ("x_iban", "bank", "personal"),
        ("comment", "notes", "personal"),
        ("website", "online", "personal"),
        ("function", "work", "personal"),
        ("barcode", "number", "personal"),
        ("ref", "number", "personal"),
        ("partner_latitude", "location", "personal"),
        ("x_studio_health_insurance", "health", "sensitive"),
        ("x_allergies", "health", "sensitive"),
        ("x_religion", "belief", "sensitive"),
        ("x_trade_union", "belief", "sensitive"),
    ],
)
def test_well_known(name, category, flag):
    assert suggested(name) == (category, flag)


@pytest.mark.parametrize(
    "name",
    # words that contain one of ours, and names about things
    ["x_trace", "x_package", "x_capacity", "x_preference", "x_product_name", "x_color"],
)
def test_others(name):
    assert suggested(name) is None
