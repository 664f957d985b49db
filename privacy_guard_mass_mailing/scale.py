"""How far openings and clicks of mailings are counted, from nothing to by person."""

from odoo.http import request

OFF, ANONYMOUS, IDENTIFIED = "off", "anonymous", "identified"
LEVELS = [
    (OFF, "Not counted"),
    (ANONYMOUS, "In totals only"),
    (IDENTIFIED, "By person, of those who agreed"),
]
ORDER = [level for level, _label in LEVELS]

# What is counted: the same names on companies, mailings, mails and traces, which have
# the level that they were built with.
OPENINGS, CLICKS = AXES = ("privacy_openings", "privacy_clicks")


def strictest(*levels):
    """:return: the level that counts least; what says nothing forbids nothing"""
    return min((level or IDENTIFIED for level in levels), key=ORDER.index)


def is_hit():
    """:return: whether what is under way may count: requests that only look open
    nothing"""
    return not request or request.httprequest.method not in ("HEAD", "OPTIONS")
