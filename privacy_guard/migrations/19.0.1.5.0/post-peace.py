def migrate(cr, version):
    """Who is waiting, or has said no, is left in peace from then on."""
    cr.execute(
        """
        UPDATE consent_record
           SET peace_since = CASE value WHEN 'waiting' THEN requested_at
                                        ELSE answered_at END
         WHERE value IN ('waiting', 'refused') AND peace_since IS NULL
        """
    )
