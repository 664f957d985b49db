"""A database of the previous release becomes one of this release, and loses nothing.

`data/previous_release.tar.xz` holds the add-ons as they were published, without tests,
documents and translations. Replace it when a release is made.
"""

import tarfile
from pathlib import Path

import pytest
from asking_world import query
from other_tables import DEFAULTS

from dev.lib import databases, odoo_process, odoo_source, template
from dev.lib.paths import REPO

PREVIOUS = Path(__file__).parent / "data" / "previous_release.tar.xz"
USE = """
env["ir.config_parameter"].set_param("privacy_guard.enabled", "True")
env.ref("base.main_company").write(
    {"privacy_from_name": "Us", "privacy_from_email": "us@example.com"})
fields, purposes = env["ir.model.fields"], env["consent.purpose"]
news, job = purposes.create([
    {"name": "News", "text": "May we?"},
    {"name": "Job", "text": "May we?", "kind": "data",
     "field_id": fields._get("res.partner", "function").id}])
for purpose in (news, job):
    purpose._publish()
    purpose.active = True
fields._get("res.partner", "ref")._privacy_encrypt(4)
env.cr.commit()
fields._privacy_convert_all()
ann, ben, cem = env["res.partner"].create([
    {"name": name, "email": f"{name}@example.com", "function": "Baker",
     "ref": f"SECRET-{name}-1234"} for name in ("Ann", "Ben", "Cem")])
env["consent.run"]._run_daily()
ann._record_answers({news.id: "granted", job.id: "granted"}, source="preferences")
ben._record_answers({news.id: "refused", job.id: "refused"}, source="preferences")
env["privacy.request"]._make(cem, "stop", "letter")
env["privacy.request"]._make(ann, "erasure", "letter")
for name in ("owed", "hand", "marketing"):
    mail = env["mail.mail"].create({"email_to": f"{name}@example.com"})
    env.flush_all()
    env.cr.execute("UPDATE mail_mail SET privacy_class = %s WHERE id = %s",
                   (name, mail.id))
env.cr.commit()
"""
CHECK = """
problems = env["consent.event"]._verify()
assert not problems, [str(problem) for problem in problems]
ann, ben, cem = [env["res.partner"].search([("name", "=", name)])
                 for name in ("Ann", "Ben", "Cem")]
assert [one.ref for one in ann + ben + cem] == [
    "SECRET-Ann-1234", "SECRET-Ben-1234", "SECRET-Cem-1234"]
assert env["res.partner"].search([("ref", "=", "SECRET-Ann-1234")]) == ann
env["ir.model.fields"]._privacy_convert_all()  # ENC-1: bound to their record
env.cr.execute("SELECT count(*) FROM res_partner WHERE ref <> '' AND ref !~ '^pg2:'")
assert env.cr.fetchone() == (0,)
assert env["ir.model.fields"]._get("res.partner", "ref").privacy_bound
env.cr.execute("SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%ref%pg2%'")
assert env.cr.fetchone() == (1,)
assert (ann.function, ben.function, cem.function) == ("Baker", False, False)
news = env["consent.purpose"].search([("name", "=", "News")])
job = env["consent.purpose"].search([("name", "=", "Job")])
assert (news | job).mapped("active") == [True, True]
values = {one.name: dict(one.consent_ids.mapped(lambda c: (c.purpose_id.name, c.value)))
          for one in ann + ben + cem}
assert values["Ann"] == {"News": "granted", "Job": "granted"}, values
assert values["Ben"] == {"News": "refused", "Job": "refused"}, values
assert values["Cem"]["News"] == values["Cem"]["Job"] == "waiting", values
assert env["privacy.gate"]._locked_fields(ben)[ben.id].keys() == {"function"}
assert cem.privacy_status == "stopped"
mails = env["mail.mail"].search([("email_to", "!=", False)], order="id")
assert mails.mapped("privacy_class") == ["mandatory", "manual", "marketing"]
asked = env["privacy.request"].search([], order="kind")
assert asked.mapped("kind") == ["erasure", "stop"]
assert asked.mapped("identity") == ["ann@example.com", "cem@example.com"]
# it goes on
dana = env["res.partner"].create({"name": "Dana", "email": "dana@example.com"})
env["consent.run"]._run_daily()
env.invalidate_all()
assert set(dana.consent_ids.mapped("value")) == {"waiting"}
ben._consent_record_answers({news.id: "granted"}, source="preferences")
cem._privacy_reopen("They called")
assert cem.privacy_status == "active"
env.cr.execute("INSERT INTO res_partner (name, active) VALUES ('Raw', true)")
raw = env["res.partner"].search([("name", "=", "Raw")])
assert (raw.privacy_status, raw.email_opt_in) == ("active", "none")
assert not env["consent.event"]._verify()
env["privacy.erasure"]._begin(ann)
env.cr.commit()
"""
# Each script, twice, on columns as they were before it.
MIGRATE = """
from pathlib import Path
from odoo.modules.migration import load_script
for field in added:
    env.cr.execute(f"ALTER TABLE {env[field.model_name]._table}"
                   f" ALTER COLUMN {field.name} DROP DEFAULT")
scripts = sorted(Path(REPO).glob("privacy_guard*/migrations/*/pre-*.py"))
assert len(scripts) >= 5
for script in 2 * scripts:
    load_script(str(script), script.stem).migrate(env.cr, "19.0.1.0.0")
"""
# Each column of our tables, and ours of others, with its type and default.
COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, column_default
  FROM information_schema.columns
 WHERE table_schema = 'public'
   AND (table_name ~ '^(consent|privacy)_'
        OR column_name ~ '^(consent|privacy|preferences|email_opt_in)')
 ORDER BY 1, 2
"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, conname FROM pg_constraint
 WHERE conrelid::regclass::text ~ '^(consent|privacy)_' ORDER BY 1, 2
"""


@pytest.fixture
def previous(tmp_path):
    with tarfile.open(PREVIOUS) as archive:
        archive.extractall(tmp_path / "previous", filter="data")
    return tmp_path / "previous"


def test_upgrade_from_the_previous_release(previous, smtp_sink, tmp_path):
    addons = sorted(path.name for path in previous.iterdir())
    path = ",".join(map(str, [*odoo_source.find().addons, previous]))
    old = f"--addons-path={path}"
    database = databases.copy(template.dependencies())
    logs = [tmp_path / f"{step}.log" for step in ("install", "use", "update", "check")]
    install, use, update, check = logs
    installing = ("-i", ",".join(addons), "--stop-after-init", "--skip-auto-install")
    try:
        odoo_process.run(install, "-d", database, old, *installing)
        odoo_process.run(use, "shell", "-d", database, old, "--no-http", stdin=USE)
        current = ",".join(template.addons())
        updating = ("-u", "privacy_guard", "-i", current)
        odoo_process.run(update, "-d", database, *updating, "--stop-after-init")
        script = DEFAULTS + CHECK
        options = ("--no-http", "--smtp=127.0.0.1", f"--smtp-port={smtp_sink.port}")
        odoo_process.run(check, "shell", "-d", database, *options, stdin=script)
        for log in logs:
            assert not odoo_process.problems(log), odoo_process.problems(log)
        fresh = template.ensure()
        for statement in (COLUMNS, CONSTRAINTS):
            missing = set(query(fresh, statement)) - set(query(database, statement))
            assert not missing, "an updated database is not as a new one"
    finally:
        databases.drop(database)


def test_scripts_run_twice(fresh_database, tmp_path):
    database, log = fresh_database(everything=True), tmp_path / "shell.log"
    script = f"REPO = {str(REPO)!r}" + DEFAULTS + MIGRATE + DEFAULTS
    odoo_process.run(log, "shell", "-d", database, "--no-http", stdin=script)
