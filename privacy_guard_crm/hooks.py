def uninstall_hook(env):
    """Leads are no subjects any more."""
    env["crm.lead"]._privacy_uninstall()
