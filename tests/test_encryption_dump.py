"""FLD-3: once a field is encrypted, nothing that is stored holds its values."""

from stored import found, stored

from dev.lib import odoo_process

# Values that were there before, and some that come after.
BEFORE = ["CANARY-FIRST-0001", "CANARY-SECOND-0002", "CANARY-THIRD-0003"]
AFTER = ["CANARY-FOURTH-0004", "CANARY-FIFTH-0005"]
# Odoo tracks the address as a whole.
STREETS = ["CANARY-STREET-0006", "CANARY-STREET-0007", "CANARY-STREET-0008"]

FILL = f"""
import base64
first, second, third = {BEFORE!r}
model = env.ref("base.model_res_partner")
env["ir.model.fields"].create({{
    "model_id": model.id, "name": "x_card", "field_description": "Card",
    "ttype": "char", "tracking": 1, "index": True,
}})
env.cr.commit()
ann = env["res.partner"].create({{"name": "Ann Example", "x_card": first}})
ann.street = {STREETS[0]!r}
env.cr.commit()
ann.x_card = second  # tracked
ann.street = {STREETS[1]!r}
env.cr.commit()
bea = ann.copy({{"x_card": third}})
ann.message_post(body=f"Card: {{first}} became {{second}}", message_type="notification")
env["ir.default"].set("res.partner", "x_card", third)
csv = f"name,card\\nAnn,{{second}}\\nBea,{{third}}\\n".encode()
env["ir.attachment"].create({{
    "name": "export.csv", "datas": base64.b64encode(csv), "mimetype": "text/csv"}})
env["base_import.import"].create({{"res_model": "res.partner", "file": csv,
                                   "file_name": "contacts.csv"}})
env.cr.execute("INSERT INTO bus_bus (create_date, channel, message)"
               " VALUES (now() - interval '1 hour', 'x', %s)", [second])
env.cr.commit()
"""
ENCRYPT = f"""
fourth, fifth = {AFTER!r}
fields = [env["ir.model.fields"]._get("res.partner", n) for n in ("x_card", "street")]
for field in fields:
    field._privacy_encrypt(4)
    env.cr.commit()
env["ir.model.fields"]._privacy_convert_all()
assert all(field.privacy_encryption == "on" for field in fields)
ann = env["res.partner"].search([("name", "=", "Ann Example")], limit=1)
ann.x_card = fourth
ann.street = {STREETS[2]!r}
env.cr.commit()
ann.with_user(env.ref("base.user_admin")).x_card = fifth
env.cr.commit()
assert env["res.partner"].search([("x_card", "=", fifth)]) == ann
ann.message_post(body=f"The card is {{ann.with_user(2).x_card}}")
env.cr.commit()
# Once a day Odoo deletes the files that no attachment has any more.
env["ir.attachment"]._gc_file_store()
"""


def test_nothing_stored_holds_a_value(fresh_database, tmp_path):
    database = fresh_database()
    for name, script in {"fill": FILL, "encrypt": ENCRYPT}.items():
        log = tmp_path / f"{name}.log"
        odoo_process.run(log, "shell", "-d", database, stdin=script)
        if name == "fill":
            before = BEFORE + STREETS[:2]
            there = found(stored(database, tmp_path), before)
            assert there == set(before), "the test itself would find nothing"
    assert found(stored(database, tmp_path), BEFORE + AFTER + STREETS) == set()
