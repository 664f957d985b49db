"""Mailings to people with real mail: making one, what arrived, and reading it."""

import requests
from company import links
from requests.adapters import HTTPAdapter

NEWS, OFFERS, TRACKING = "News", "Offers", "E-mail engagement"
YES, NO = "granted", "refused"
OFFER = "https://example.com/offer"
BODY = f"""<p><a href="{OFFER}">Offer</a>
<a href="/unsubscribe_from_list">Leave</a></p>"""


def make_mailing(company, model, ids, **values):
    """:return: id of a mailing to these records, not sent yet"""
    if model == "mailing.list":
        values["contact_list_ids"] = ids
    else:
        values["mailing_domain"] = repr([("id", "in", ids)])
    [model_id] = company.call("ir.model", "search", domain=[("model", "=", model)])
    return company.create(
        "mailing.mailing",
        **{
            "subject": "Offer",
            "body_html": BODY,
            "mailing_type": "mail",
            "mailing_model_id": model_id,
            "email_from": "us@example.com",
            "privacy_purpose_id": company.purposes[NEWS],
            **values,
        },
    )


def send(company, *mailings):
    company.call("mailing.mailing", "action_launch", list(mailings))
    company.scheduled("mass_mailing.ir_cron_mass_mailing_queue")


def deliver(company, *contacts, **values):
    """:return: (id of a mailing to them, {name: mails})"""
    company.mails()
    mailing = make_mailing(company, "res.partner", list(contacts), **values)
    send(company, mailing)
    return mailing, company.mails()


def tracked(message):
    """:return: (pixel, short link) of a mail, None if it has none"""
    found = links(message)
    pixel = next((link for link in found if "/mail/track/" in link), None)
    return pixel, next((link for link in found if "/r/" in link), None)


def hit(message):
    """The person opens the mail and follows its link."""
    pixel, link = tracked(message)
    picture = requests.get(pixel)
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/gif")
    page = requests.get(link, allow_redirects=False)
    assert page.status_code == 301
    assert page.headers["Location"].startswith(OFFER)


def recorded(company, mailing):
    """:return: (opened, clicked) of a mailing, and rows of clicks with an IP address"""
    numbers = company.read("mailing.mailing", mailing, "opened", "clicked")
    [(rows,)] = company.query(
        f"""SELECT count(*) FROM link_tracker_click click
              JOIN link_tracker link ON link.id = click.link_id
             WHERE link.mass_mailing_id = {mailing} AND click.ip IS NOT NULL"""
    )
    return *numbers, rows


def hits(company, mailing):
    """:return: how often a mailing was opened, and its link followed, by whomever"""
    rows = company.query(
        f"""SELECT sum(hits) FROM privacy_mailing_count WHERE mailing_id = {mailing}
             GROUP BY link_id ORDER BY link_id NULLS FIRST"""
    )
    return [number for (number,) in rows]


class Browser(requests.Session):
    """Of one of the readers: an address and a program of their own."""

    def __init__(self, number):
        super().__init__()
        address = f"127.{number // 62500 + 1}.{number // 250 % 250}.{number % 250 + 1}"
        self.mount("http://", HTTPAdapter())
        self.get_adapter("http://").init_poolmanager(1, 1, source_address=(address, 0))
        self.headers["User-Agent"] = f"Mozilla/5.0 (Reader {number})"
        self.headers["Accept-Language"] = ("de", "fr", "ar")[number % 3]

    def read(self, message, server):
        """Open the mail and follow its link, on a server that stands for the one that
        sent it."""
        for path in counted(message):
            answer = self.get(f"{server.url}/{path}", allow_redirects=False)
            assert answer.status_code in (200, 302)
            assert answer.headers.get("Location", OFFER) == OFFER
        assert not self.cookies


def counted(message):
    """:return: list of the paths in a mail that count without telling of whom"""
    found = [link for link in links(message) if "/mailing/c/" in link]
    return [link.split("/", 3)[3] for link in found]
