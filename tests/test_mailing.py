"""What marketing mail reaches people, and what it tells about them."""

import math
import os
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from addon_tools import load
from asking_world import wait_for_the_dead
from company import links, text
from mailing_world import (
    NEWS,
    NO,
    OFFER,
    OFFERS,
    TRACKING,
    YES,
    Browser,
    counted,
    deliver,
    hit,
    hits,
    make_mailing,
    recorded,
    send,
    tracked,
)
from stored import digests

CROWD = 80
# of these, who change their minds while the mailing is sent
FICKLE = 8
# EVI-5: a later event that was there when the gate decided; dates are to the second
NOT_THE_HEAD = """
    SELECT decision.id
      FROM privacy_decision decision
 LEFT JOIN consent_event own ON own.id = decision.event_id
 LEFT JOIN consent_event later
        ON (later.res_model, later.res_id, later.purpose_id)
           = (own.res_model, own.res_id, own.purpose_id)
       AND later.sequence > own.sequence
       AND later.date < decision.date - interval '1 second'
     WHERE own.id IS NULL OR own.value_to = 'refused' OR later.id IS NOT NULL"""
# who gets a mailing that counts nobody, half of whom read it; any even number
READERS = int(os.environ.get("READERS", "20"))


@pytest.fixture(scope="module")
def people(company):
    """:return: {name: id} of contacts and leads, who have answered or not"""
    answers = {
        "wilma": {NEWS: YES, TRACKING: YES},
        "shy": {NEWS: YES, TRACKING: NO},
        "sid": {NEWS: YES},
        "ulf": {NEWS: NO, TRACKING: YES},
        "nora": {},
        "stan": {NEWS: YES, TRACKING: YES},
    }
    leads = {"lea": {NEWS: YES, TRACKING: YES}, "lou": {NEWS: YES}, "leo": {NEWS: NO}}
    found = {name: company.person(name, **given) for name, given in answers.items()}
    for name, given in leads.items():
        found[name] = company.person(name, "crm.lead", **given)
    company.stop(found["stan"])
    return found


def test_who_gets_mailings_and_how(company, people):
    contacts = [people[n] for n in ("wilma", "shy", "sid", "ulf", "nora", "stan")]
    by_model = {
        "res.partner": contacts,
        "crm.lead": [people[name] for name in ("lea", "lou", "leo")],
        "mailing.list": [company.create("mailing.list", name="Addresses")],
    }
    for name in ("wilma", "lou", "ulf", "nobody"):
        company.create(
            "mailing.contact",
            email=f"{name}@example.com",
            list_ids=by_model["mailing.list"],
        )
    mailings = [make_mailing(company, model, ids) for model, ids in by_model.items()]
    company.mails()
    # whatever the sender unticks
    company.call(
        "mailing.mailing", "write", mailings, vals={"use_exclusion_list": False}
    )
    send(company, *mailings)
    mails = company.mails()
    counts = {name: len(messages) for name, messages in mails.items()}
    assert counts == {"wilma": 2, "shy": 1, "sid": 1, "lea": 1, "lou": 2}
    for name, messages in mails.items():
        for message in messages:
            pixel, link = tracked(message)
            if name in ("wilma", "lea"):
                assert pixel and link, name
                continue
            assert (pixel, link) == (None, None), name
            # who has not answered is counted with all others
            assert len(counted(message)) == (0 if name == "shy" else 2), name
            assert (OFFER in links(message)) == (name == "shy"), name
    reasons = company.query(
        f"""SELECT split_part(email, '@', 1), failure_type FROM mailing_trace
             WHERE mass_mailing_id = ANY(ARRAY{mailings}) AND trace_status = 'cancel'
             ORDER BY 1"""
    )
    unwilling = ("leo", "nobody", "nora", "ulf", "ulf")
    expected = [(name, "privacy_no_marketing_consent") for name in unwilling]
    assert reasons == sorted([*expected, ("stan", "privacy_stopped")])


def test_opening_and_clicking_until_the_person_withdraws(company):
    tess = company.person("tess", **{NEWS: YES, TRACKING: YES})
    mailing, mails = deliver(company, tess)
    [message] = mails["tess"]
    assert recorded(company, mailing) == (0, 0, 0)
    hit(message)
    assert recorded(company, mailing) == (1, 1, 1)

    company.choose("tess", **{TRACKING: "no"})
    answers = company.events("res.partner", tess, TRACKING)
    assert answers == [("api", YES), ("preferences", NO)]
    # what was counted stays, who it was does not
    assert recorded(company, mailing) == (1, 1, 0)
    trace = f"""SELECT trace_status, open_datetime, links_click_datetime
                  FROM mailing_trace WHERE mass_mailing_id = {mailing}"""
    assert company.query(trace) == [("sent", None, None)]
    hit(message)
    assert recorded(company, mailing) == (1, 1, 0)
    assert company.query(trace) == [("sent", None, None)]

    _mailing, mails = deliver(company, tess)
    assert tracked(mails["tess"][0]) == (None, None)


def test_withdrawing_by_one_click_and_on_the_page(company):
    otto, pia, quinn = (
        company.person(name, **{NEWS: YES}) for name in ("otto", "pia", "quinn")
    )
    _mailing, mails = deliver(company, otto, pia, quinn)
    assert sorted(mails) == ["otto", "pia", "quinn"]

    [message] = mails["otto"]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = message["List-Unsubscribe"].strip("<>")
    requests.get(url)
    [leave] = [link for link in links(message) if "unsubscribe" in link]
    assert requests.get(leave).status_code == 200
    assert company.value("otto", NEWS) == YES
    answer = requests.post(url, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    events = company.events("res.partner", otto, NEWS)
    assert events == [("api", YES), ("one_click", NO)]

    company.choose("pia", **{NEWS: "no"})
    events = company.events("res.partner", pia, NEWS)
    assert events == [("api", YES), ("preferences", NO)]

    _mailing, mails = deliver(company, otto, pia, quinn)
    assert sorted(mails) == ["quinn"]


def test_who_reads_makes_no_difference(company):
    """TRK-1: twice from the same database, others open and click, from elsewhere and
    with other programs: what is stored is the same, and is two numbers."""
    names = [f"reader{number}" for number in range(READERS)]
    people = company.call(
        "res.partner",
        "create",
        vals_list=[{"name": name, "email": f"{name}@example.com"} for name in names],
    )
    offers = company.purposes[OFFERS]
    mailing, mails = deliver(company, *people, privacy_purpose_id=offers)
    messages = [mails[name][0] for name in names]
    assert len({tuple(counted(message)) for message in messages}) == 1
    assert len(counted(messages[0])) == 2

    before, half = digests(company.database), READERS // 2
    contents = []
    for first in (0, half):
        for number in range(first, first + half):
            Browser(number).read(messages[number], company.server)
        contents.append(digests(company.database))
        changed = {name for name in before if contents[-1][name] != before[name]}
        assert changed == {"privacy_mailing_count", "privacy_mailing_count_id_seq"}
        assert hits(company, mailing) == [half, half]
        # nothing else has changed: without the numbers it is what it was
        company.query(
            """SELECT setval('privacy_mailing_count_id_seq', min(id), false)
                 FROM privacy_mailing_count;
               DELETE FROM privacy_mailing_count"""
        )
    assert contents[0] == contents[1]
    assert recorded(company, mailing) == (0, 0, 0)
    check_that_a_rush_loses_nothing(company, mailing, messages[0])


def check_that_a_rush_loses_nothing(company, mailing, message):
    with ThreadPoolExecutor(8) as pool:
        rush = [
            pool.submit(Browser(number).read, message, company.server)
            for number in range(READERS)
        ]
        for one in rush:
            one.result()
    assert hits(company, mailing) == [READERS, READERS]


def test_templates_with_short_links(company):
    """Mail that is no mailing, with a link that somebody had shortened."""
    people = {
        "theo": company.person("theo", **{TRACKING: YES}),
        "tina": company.person("tina", **{TRACKING: NO}),
    }
    link = company.create("link.tracker", url=OFFER, title="Offer")
    [short] = company.read("link.tracker", link, "short_url")
    template = company.create(
        "mail.template",
        name="Offer",
        subject="Offer",
        model_id=company.reference("base.model_res_partner"),
        partner_to="{{ object.id }}",
        email_from="us@example.com",
        body_html=f'<p><a href="{short}">Offer</a></p>',
    )
    company.mails()
    for person in people.values():
        company.call(
            "mail.template", "send_mail", [template], res_id=person, force_send=True
        )
    mails = company.mails()
    assert short in links(mails["theo"][0])
    found = links(mails["tina"][0])
    assert [link for link in found if link.startswith(OFFER)]
    assert short not in found


def test_killed_while_it_sends(company):
    """Nobody gets a mailing twice, save whom the kill falls on; who withdraws before
    the server is back gets none. EVI-5: whatever people say meanwhile, each that leaves
    is noted with what was said then."""
    names = [f"crowd{number}" for number in range(CROWD)]
    crowd = company.call(
        "res.partner",
        "create",
        vals_list=[{"name": name, "email": f"{name}@example.com"} for name in names],
    )
    company.answer(crowd[0], OFFERS, NO)
    company.mails()
    offers = company.purposes[OFFERS]
    mailing = make_mailing(company, "res.partner", crowd, privacy_purpose_id=offers)
    company.call("mailing.mailing", "action_launch", [mailing])
    company.sink.takes = CROWD // 8
    sending = threading.Thread(target=run_until_it_dies, args=[company])
    sending.start()
    company.sink.wait_for(CROWD // 8)
    company.server.kill()
    sending.join()
    wait_for_the_dead(company.database)
    got = company.mails()
    assert len(got) == CROWD // 8

    company.sink.takes = math.inf
    company.server.start()
    late = next(name for name in names[1:] if name not in got)
    company.answer(f"{late}@example.com", OFFERS, NO)
    fickle = [name for name in names if name not in got][-FICKLE:]
    changing = threading.Thread(target=change_minds, args=[company, fickle])
    changing.start()
    company.scheduled("mass_mailing.ir_cron_mass_mailing_queue")
    company.empty_queue()
    changing.join()
    for name, messages in company.mails().items():
        got.setdefault(name, []).extend(messages)
    assert sorted({*got, *fickle}) == sorted({*names} - {names[0], late})
    assert sum(len(messages) for messages in got.values()) <= len(got) + 1
    assert company.read("mailing.mailing", mailing, "state") == ["done"]

    assert company.query(NOT_THE_HEAD) == []
    left = Counter(hash_of(one) for messages in got.values() for one in messages)
    noted = Counter(
        content
        for (content,) in company.query(
            f"SELECT content_hash FROM privacy_decision WHERE mailing_id = {mailing}"
        )
    )
    assert noted <= left
    assert (left - noted).total() <= 1, "the kill fell between sending and noting it"


def change_minds(company, names):
    for answer in (NO, YES, NO):
        for name in names:
            company.answer(f"{name}@example.com", OFFERS, answer)


def hash_of(message):
    """:return: what a decision holds of a mail that arrived"""
    return load("content_hash").content_hash(message["Subject"], text(message))


def run_until_it_dies(company):
    with pytest.raises(requests.ConnectionError):
        company.scheduled("mass_mailing.ir_cron_mass_mailing_queue")
