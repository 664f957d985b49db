def uninstall_hook(env):
    """Members are no subjects any more."""
    env["library.member"]._privacy_uninstall()
