"""A model of ours has a name of its own: where an add-on of Odoo defines the same one,
each would change the other's table, whichever is loaded last."""

import ast
import re
from pathlib import Path

from dev.lib import odoo_source

REPO = Path(__file__).parents[2]
NAME = re.compile(r"""^\s+_name\s*=\s*["']([\w.]+)["']""", re.MULTILINE)


def sources(folders):
    """:return: iterator of the Python files of add-ons, tests left out"""
    for folder in folders:
        for file in folder.rglob("*.py"):
            if "tests" not in file.relative_to(folder).parts:
                yield file


def own_names():
    """:return: {name: file} of models that our classes define and do not extend"""
    found = {}
    for file in sources(REPO.glob("privacy_guard*/")):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.ClassDef):
                continue
            values = {
                one.targets[0].id: ast.literal_eval(one.value)
                for one in node.body
                if isinstance(one, ast.Assign)
                and isinstance(one.targets[0], ast.Name)
                and one.targets[0].id in ("_name", "_inherit")
            }
            name, parents = values.get("_name"), values.get("_inherit", ())
            parents = [parents] if isinstance(parents, str) else parents
            if name and name not in parents:
                found[name] = file.name
    return found


def names_of_odoo():
    source = odoo_source.find()
    folders = [source.root / "odoo" / "addons", *source.addons]
    return {
        name for file in sources(folders) for name in NAME.findall(file.read_text())
    }


def test_no_model_has_a_name_of_odoo():
    own, odoo = own_names(), names_of_odoo()
    assert {"consent.event", "consent.log"} <= own.keys()
    assert {"res.users", "mailing.mailing", "privacy.log"} <= odoo
    assert not {name: own[name] for name in own.keys() & odoo}
