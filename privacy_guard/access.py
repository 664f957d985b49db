"""Whether a user may do what officers do."""

from odoo.exceptions import AccessError

from .constants import OFFICER


def check_officer(env, refusal, *, or_superuser=False):
    """To be asked by each method that does what only officers may, not by its button
    alone: everybody can call a public method.

    :param str refusal: what to answer anybody else, in the language of the user
    :param bool or_superuser: whether code that has become superuser passes, because it
        has checked who asks
    :raise AccessError: for anybody but a privacy officer
    """
    if not (or_superuser and env.su or env.user.has_group(OFFICER)):
        raise AccessError(refusal)
