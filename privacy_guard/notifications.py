"""What a button says when it has done something that shows nowhere else."""

CLOSE = {"type": "ir.actions.act_window_close"}
RELOAD = {"type": "ir.actions.client", "tag": "soft_reload"}


def notification(message, following=CLOSE, **params):
    """
    :param str message: what was done, in the user's language
    :param dict following: action that comes next: closing the dialogue, or reloading
        what the button stands on
    :param params: others of the notification, such as its ``title``
    :return: action that shows it
    """
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {"type": "success", "message": message, "next": following, **params},
    }
