from odoo.addons.privacy_guard.fields.encrypted import CIPHERTEXT

FORMER = "~~ 'pg1:%'"
# what refuses values in the columns of encrypted fields, and what finds them
TRIGGERS = """
    SELECT format('DROP TRIGGER %%I ON %%s', tgname, tgrelid::regclass),
           pg_get_triggerdef(oid)
      FROM pg_trigger
     WHERE NOT tgisinternal AND strpos(pg_get_triggerdef(oid), %s) > 0
       AND tgfoid IN (SELECT oid FROM pg_proc
                       WHERE proname = 'privacy_guard_refuse_value')
"""
INDEXES = """
    SELECT format('DROP INDEX %%I', indexname), indexdef FROM pg_indexes
     WHERE schemaname = current_schema AND strpos(indexdef, %s) > 0
"""


def migrate(cr, version):
    """Values are bound to their record now, in a format of its own: what knew the
    former one knows both."""
    cr.execute(
        "ALTER TABLE ir_model_fields ADD COLUMN IF NOT EXISTS privacy_bound boolean"
    )
    present = f"~ '{CIPHERTEXT}'"
    for query in (TRIGGERS, INDEXES):
        cr.execute(query, [FORMER])
        for drop, definition in cr.fetchall():
            cr.execute(drop)
            # of the two operators, the one that denies begins with a sign more
            cr.execute(definition.replace(FORMER, present))
