"""Whether a user may do what officers do, or administrators."""

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.http import request

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


def reaches_all(env):
    """Numbers of the people of all companies are for who is in all of them: others
    would read in them how many another company has; they are told of their own.

    :return: whether whoever asks is in all companies, or code that acts for nobody
    """
    return env.su or env.user._privacy_is_in_all_companies()


def check_decides_for_all(env):
    """To be asked besides, by what changes something for the people of all companies.

    :raise AccessError: for a user who is not in all of them
    """
    if not reaches_all(env):
        raise AccessError(
            env._("This binds all companies: only who is in all of them may decide it.")
        )


def administers(env):
    """Commands, files and settings of the server are named to who can do something
    with them. Background jobs keep their reasons for officers to read.

    :return: whether a user who may change settings reads what is said
    """
    is_job = env.uid == SUPERUSER_ID
    return not is_job and env.user.has_group("base.group_system")


def acting_user(env):
    """:return: the user for whom code works, superuser or not; a form of the website
    saves in the superuser's name"""
    user = env.user
    return request.env.user if request and user.id == SUPERUSER_ID else user
