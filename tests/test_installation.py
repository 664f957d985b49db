"""Installing the add-ons leaves nothing to complain about in Odoo's log, and leaves the
tables of other add-ons as those expect them."""

import pytest
from asking_world import query
from other_tables import DEFAULTS

from dev.lib import odoo_process, template

# What a statement that inserts a row must name.
TO_BE_NAMED = """
SELECT table_name, column_name FROM information_schema.columns
 WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL
"""
# What others may insert where we have columns too.
INSERT = """
for statement in (
    "res_partner (name, autopost_bills) VALUES ('Raw', 'ask')",
    "crm_lead (name, type) VALUES ('Raw', 'lead')",
    "mailing_contact (name) VALUES ('Raw')",
    "mail_mail (mail_message_id) SELECT min(id) FROM mail_message",
    "sms_sms (state) VALUES ('outgoing')",
    "mailing_list (name) VALUES ('Raw')",
    "digest_digest (name, periodicity) VALUES ('{}', 'daily')",
    "res_config_settings (company_id) SELECT min(id) FROM res_company",
):
    env.cr.execute(f"INSERT INTO {statement}")
for model in ("res.partner", "crm.lead", "mailing.contact"):
    everybody = env[model].with_context(active_test=False)
    raw = everybody.search([("name", "=", "Raw")])
    made = everybody.create({"name": "Made"})
    assert len(raw) == 1, model
    for name in ("privacy_status", "email_opt_in", "preferences_version"):
        assert raw[name] == made[name], (model, name)
"""


@pytest.mark.parametrize("everything", [False, True], ids=["contacts", "everything"])
def test_installing_logs_no_warning(everything):
    template.ensure(everything)
    problems = odoo_process.problems(template.install_log(everything))
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


def test_nothing_more_has_to_be_named_in_rows_of_others():
    before = set(query(template.dependencies(everything=True), TO_BE_NAMED))
    after = set(query(template.ensure(everything=True), TO_BE_NAMED))
    others = {table for table, _column in before}
    assert not {(table, name) for table, name in after - before if table in others}


def test_the_database_has_the_defaults_of_columns_in_rows_of_others(
    fresh_database, tmp_path
):
    database, log = fresh_database(everything=True), tmp_path / "shell.log"
    script = DEFAULTS + INSERT + "assert len(added) == 20, added"
    odoo_process.run(log, "shell", "-d", database, "--no-http", stdin=script)
