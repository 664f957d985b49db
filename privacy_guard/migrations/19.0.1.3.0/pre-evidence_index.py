def migrate(cr, version):
    """What counted saves by it counts posts now, in a table of its own."""
    cr.execute("DROP INDEX IF EXISTS consent_evidence_ip_idx")
