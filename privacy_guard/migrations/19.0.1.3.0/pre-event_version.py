def migrate(cr, version):
    """The events that there are have the first version of the format: no address. The
    table is append-only, and may be large: nothing is written to its rows."""
    cr.execute(
        """
        ALTER TABLE consent_event
            ADD COLUMN IF NOT EXISTS address_hash varchar,
            ADD COLUMN IF NOT EXISTS version int4 NOT NULL DEFAULT 1
        """
    )
    cr.execute("ALTER TABLE consent_event ALTER COLUMN version DROP DEFAULT")
