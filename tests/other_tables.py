"""What must hold where our columns stand in tables of other add-ons."""

# A script for Odoo's shell, whichever of our add-ons are installed: the database gives
# a row what the ORM would give it.
DEFAULTS = """
def ours(modules):
    return all(module.startswith("privacy_guard") for module in modules)

def default_in_database(table, column):
    env.cr.execute(
        "SELECT column_default FROM information_schema.columns"
        " WHERE table_name = %s AND column_name = %s", (table, column))
    [default] = env.cr.fetchone()
    assert default, f"{table}.{column} has no default"
    env.cr.execute(f"SELECT {default}")
    return env.cr.fetchone()[0]

added = [
    field for model in env.registry.values() for field in model._fields.values()
    if model._auto and not model._abstract and not ours([model._original_module])
    and ours(field._modules) and field.store and field.column_type and field.default
    # its default depends on the company, and whoever reads it expects it to be empty
    and str(field) != "res.company.privacy_tz"]
for field in added:
    model = env[field.model_name]
    stored = default_in_database(model._table, field.name)
    assert stored == field.default(model), (field, stored)
"""
