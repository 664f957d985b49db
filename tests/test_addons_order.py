"""Each add-on can come and go in any order, and what stays behind works."""

import random

from asking_world import query

from dev.lib import odoo_process, template

GLUE = [name for name in template.addons(everything=True) if name != "privacy_guard"]
PREPARE = """
from odoo.addons.base.models.ir_module import IrModuleModule
from odoo.addons.base_import_module.models.ir_ui_view import IrUiView
# Half of each change's time goes to looking through all of Odoo's add-ons for news,
# and model after model for views of no add-on.
IrModuleModule.update_list = lambda self: [0, 0]
IrUiView._validate_custom_views = lambda self, model: True
env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
env.ref("base.main_company").write(
    {"privacy_from_name": "Us", "privacy_from_email": "us@example.com"})
purpose = env["consent.purpose"].create({"name": "News", "text": "May we?"})
purpose._publish()
purpose.active = True
env.cr.commit()
"""
# What must go on whatever was taken away: a contact is made, asked, answers, is mailed.
WORKS = """
print("Step {number}")
purpose = env["consent.purpose"].search([("name", "=", "News")])
ann = env["res.partner"].create(
    {{"name": "Ann {number}", "email": "ann{number}@example.com"}})
ann._consent_record_answers({{purpose.id: "granted"}}, source="preferences")
ann.city = "Ghent"
ann.message_post(body="Hello", partner_ids=ann.ids, message_type="comment",
                 subtype_xmlid="mail.mt_comment")
env["consent.run"]._run_daily()
env["res.partner"].get_views([(False, "form"), (False, "list")])
env.cr.commit()
"""
# Once, where the process has not seen the add-ons that are gone.
VIEWS = """
assert all([env["ir.ui.view"]._validate_custom_views(name) for name in env])
"""
AWAY, BACK = "button_immediate_uninstall", "button_immediate_install"
# The registry is another one afterwards.
CHANGE = """
from odoo import api
from odoo.modules.registry import Registry
print("{name}: {method}")
module = env["ir.module.module"].search([("name", "=", {name!r})])
# one that needs another has gone with it
if (module.state == "installed") == ({method!r} == {AWAY!r}):
    module.{method}()
env.cr.close()
env = api.Environment(Registry({database!r}).cursor(), 1, {{}})
"""


def test_add_ons_come_and_go(fresh_database, smtp_sink, tmp_path):
    """All go one by one, and some come back. Each time what is there works, and in the
    end also in a process that has not seen the others."""
    database = fresh_database(everything=True)
    order = random.Random(1).sample(GLUE, len(GLUE))
    steps = [(name, AWAY) for name in order] + [(name, BACK) for name in order[:2]]
    scripts = [
        CHANGE.format(name=name, method=method, AWAY=AWAY, database=database)
        + WORKS.format(number=number)
        for number, (name, method) in enumerate(steps)
    ]
    scripts.append(WORKS.format(number=len(steps)) + VIEWS)
    log = tmp_path / "shell.log"
    # without a mail server nobody is asked
    options = ("--no-http", "--smtp=127.0.0.1", f"--smtp-port={smtp_sink.port}")
    for some in ([PREPARE, *scripts[:-1]], scripts[-1:]):
        script = "".join(some) + "env.cr.close()\n"
        odoo_process.run(log, "shell", "-d", database, *options, stdin=script)
        assert not odoo_process.problems(log), odoo_process.problems(log)
    answered = "SELECT count(*) FROM consent_record WHERE value = 'granted'"
    assert query(database, answered) == [(len(scripts),)]


def test_all_of_it_goes_with_the_add_on(fresh_database, tmp_path):
    database = fresh_database(everything=True)
    found = 'env["ir.module.module"].search([("name", "=", "privacy_guard")])'
    log = tmp_path / "uninstall.log"
    odoo_process.run(log, "shell", "-d", database, stdin=f"{found}.{AWAY}()")
    assert not odoo_process.problems(log), odoo_process.problems(log)
    installed = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    assert not [name for (name,) in query(database, installed) if "privacy_g" in name]
    left = "SELECT tablename FROM pg_tables WHERE tablename ~ '^consent_'"
    assert query(database, left) == []
