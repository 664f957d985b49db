"""A client of Privacy Guard in plain Python: copy it into your program.

    client = PrivacyClient("https://odoo.example.com", "DATABASE", "API KEY")
    client.check("my_module.newsletter", ["ann@example.com", 7])

What the methods take and give back: `privacy.api` in `models/api/privacy_api.py`.
"""

import json
import urllib.error
import urllib.request


class PrivacyError(Exception):
    """What Odoo says against a call, in words for a user."""


class PrivacyClient:
    """
    :param str url: of Odoo, without a path
    :param str database: its name
    :param str key: an API key (My Preferences > Security) of a user with the
        group *Privacy user*, or *Privacy officer* to record answers
    """

    def __init__(self, url, database, key):
        self._url = f"{url}/json/2/privacy.api"
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "X-Odoo-Database": database,
        }

    def check(self, purpose, people):
        """:return: for each person a dict with ``value`` and ``allowed``"""
        return self._call("check", purpose=purpose, people=people)

    def consents(self, person):
        """:return: a dict for each consent of the person"""
        return self._call("consents", person=person)

    def record_answer(self, purpose, person, answer, source, note, **document):
        """:return: how many records of the person it was recorded for"""
        return self._call(
            "record_answer",
            purpose=purpose,
            person=person,
            answer=answer,
            source=source,
            note=note,
            **document,
        )

    def send_request(self, people):
        """:return: for each person a dict with ``asked``, and the ``reason`` if not"""
        return self._call("send_request", people=people)

    def receipt(self, person, purpose=None):
        """:return: the signed receipt of all consents of the person, or of one"""
        return self._call("receipt", person=person, purpose=purpose)

    def _call(self, method, **arguments):
        request = urllib.request.Request(
            f"{self._url}/{method}", json.dumps(arguments).encode(), self._headers
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise PrivacyError(_message(error)) from error


def _message(error):
    """:return: what Odoo says; where there is no such database, that is a page"""
    try:
        return json.load(error)["message"]
    except (ValueError, TypeError, KeyError):
        return f"{error}: is {error.url} the right address, and the database too?"
