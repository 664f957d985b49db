def uninstall_hook(env):
    """Mailing contacts are no subjects any more."""
    env["mailing.contact"]._privacy_uninstall()
