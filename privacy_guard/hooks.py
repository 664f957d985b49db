def uninstall_hook(env):
    """Leave nothing behind that no table of ours takes along."""
    env.cr.execute("DROP FUNCTION IF EXISTS privacy_guard_append_only() CASCADE")
    # What refers to purposes goes first: Odoo deletes them before it drops tables.
    env.cr.execute("TRUNCATE consent_record, consent_event, consent_notice")
    parameters = env["ir.config_parameter"]
    parameters.search([("key", "=like", "privacy_guard.%")]).unlink()
