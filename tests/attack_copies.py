"""Ways to copies of people's data."""

from attack_rights import TOKEN, done, page_and_form, person
from attack_ways import PAGES, P, way

EXPORT = "privacy.export"


@way("copy: ask for one")
def ask_copy(a):
    contact = person(a)
    answer = a(P, "action_privacy_export", [contact])
    statement = "SELECT FROM privacy_export WHERE res_id = %s AND state = 'queued'"
    return done(a, answer, statement, contact)


@way("copy: where it is downloaded")
def copy_action(a):
    return a(EXPORT, "action_download", [a.ids["copy of data"]])


@way("copy: download what an officer asked for", via=PAGES)
def download_copy(a):
    return _zip(a.get(f"/privacy_guard/export/{a.ids['copy of data']}"))


@way("copy: download what the person asked for", via=PAGES)
def download_persons(a):
    return a.get(f"/privacy_guard/export/{a.ids['copy for the person']}")


@way("copy: private methods")
def build_copy(a):
    a(EXPORT, "_ask", [], subject=[a.ann], source="preferences")
    a(EXPORT, "_fetch", [a.ids["copy of data"]])
    a(EXPORT, "_drop", [a.ids["copy of data"]], state="expired")
    return a(EXPORT, "_url", [a.ids["copy for the person"]], subject=[a.kay])


@way("copy: with a made-up link", via=PAGES)
def made_up_link(a):
    number = a.ids["copy for the person"]
    return page_and_form(a, f"/privacy/download/{number}/{TOKEN}")


@way("copy: with the link of another one", via=PAGES)
def others_link(a):
    token = a.copy_link.rpartition("/")[2]
    return page_and_form(a, f"/privacy/download/{a.ids['copy of data']}/{token}")


@way("copy: with a link to the preferences", via=PAGES)
def preferences_link(a):
    number = a.ids["copy for the person"]
    return page_and_form(a, f"/privacy/download/{number}/{a.preferences_link}")


@way("copy: open its page", via=PAGES)
def open_copy(a):
    """As a scanner of mail does: what the person gets is there afterwards."""
    return a.get(a.copy_link)


def _zip(answer):
    """:return: the answer, of kind ``copy`` when it is one"""
    if answer.kind == "ok":
        assert answer.raw.startswith(b"PK") and b"index.html" in answer.raw
        answer.kind = "copy"
    return answer
