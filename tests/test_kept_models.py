"""A process takes over models that were set up before it began, where they are those of
its database."""

from dev.lib import odoo_process

# Odoo's log says so of whoever sets them up.
SET_UP = "Registry loaded in"
MAKE = """
model = env["ir.model"]._get("res.partner")
env["ir.model.fields"].create(
    {"model_id": model.id, "name": "x_note", "ttype": "char"})
env.cr.commit()
"""
# by another process, which told nobody
LOSE = """
env.cr.execute("DELETE FROM ir_model_fields WHERE name = 'x_note'")
env.cr.commit()
"""
ASK = """
assert ("x_note" in env["res.partner"]._fields) is {expected}
env["res.partner"].create({{"name": "Ann"}})
env.cr.commit()
"""


def test_models_are_those_of_the_database(fresh_database, tmp_path):
    database, log = fresh_database(), tmp_path / "shell.log"

    def run(script):
        """:return: whether the process has set the models up itself"""
        odoo_process.run(log, "shell", "-d", database, "--no-http", stdin=script)
        return SET_UP in log.read_text()

    assert not run(ASK.format(expected=False) + MAKE)
    assert run(ASK.format(expected=True) + LOSE)
    assert run(ASK.format(expected=False))
