"""In which language something is written for those who work with it."""

from odoo import SUPERUSER_ID


def reader_lang(env, company):
    """What visitors, mail and jobs do is noted for the people of the company, not in
    the language of a visitor, whose own words stay as they are.

    :param company: whose people read it
    :return: code of a language: the user's where it is one of the company's own
    """
    user = env.user
    if not user.share and user.id != SUPERUSER_ID:
        return env.lang
    # superuser: a visitor reads no company
    return company.sudo().partner_id.lang
