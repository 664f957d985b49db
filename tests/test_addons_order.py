"""Each add-on can come and go in any order, and what stays behind works."""

import random

import pytest
from asking_world import query

from dev.lib import odoo_process, template

GLUE = [name for name in template.addons(everything=True) if name != "privacy_guard"]
PREPARE = """
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
purpose = env["consent.purpose"].search([("name", "=", "News")])
ann = env["res.partner"].create(
    {{"name": "Ann {number}", "email": "ann{number}@example.com"}})
ann._record_answers({{purpose.id: "granted"}}, source="preferences")
ann.city = "Ghent"
ann.message_post(body="Hello", partner_ids=ann.ids, message_type="comment",
                 subtype_xmlid="mail.mt_comment")
env["consent.run"]._run_daily()
env["res.partner"].get_views([(False, "form"), (False, "list")])
env.cr.commit()
"""
CHANGE = """
env["ir.module.module"].search([("name", "=", {name!r})]).{method}()
"""


@pytest.mark.parametrize("seed", [1, 2])
def test_add_ons_come_and_go(fresh_database, tmp_path, seed):
    database = fresh_database(everything=True)
    log = tmp_path / "shell.log"

    def run(script):
        odoo_process.run(log, "shell", "-d", database, "--no-http", stdin=script)
        assert not odoo_process.problems(log), odoo_process.problems(log)

    run(PREPARE)
    order = random.Random(seed).sample(GLUE, len(GLUE))
    for number, name in enumerate(order):
        run(CHANGE.format(name=name, method="button_immediate_uninstall"))
        run(WORKS.format(number=number))
    back = order[: len(order) // 2]
    for number, name in enumerate(back, len(order)):
        run(CHANGE.format(name=name, method="button_immediate_install"))
        run(WORKS.format(number=number))
    answered = "SELECT count(*) FROM consent_record WHERE value = 'granted'"
    assert query(database, answered) == [(len(order) + len(back),)]


def test_all_of_it_goes_with_the_add_on(fresh_database, tmp_path):
    database = fresh_database(everything=True)
    script = CHANGE.format(name="privacy_guard", method="button_immediate_uninstall")
    log = tmp_path / "uninstall.log"
    odoo_process.run(log, "shell", "-d", database, "--no-http", stdin=script)
    assert not odoo_process.problems(log), odoo_process.problems(log)
    installed = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    assert not [name for (name,) in query(database, installed) if "privacy_g" in name]
    left = "SELECT tablename FROM pg_tables WHERE tablename ~ '^consent_'"
    assert query(database, left) == []
