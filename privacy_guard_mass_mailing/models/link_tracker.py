import re
from typing import NamedTuple

from odoo import api, fields, models

from .. import short_links
from ..scale import ANONYMOUS, CLICKS, IDENTIFIED, strictest
from ..short_links import ShortLink

# What most mails have, looked up for many at once; what else there is costs a query.
USUAL = re.compile(r"/(?:r/(?P<code>[\w-]+)|mailing/c/\d+/(?P<id>\d{1,9})/)", re.ASCII)
LARGEST_ID = 2**31 - 1


class Original(NamedTuple):
    """What is behind a short link."""

    url: str  # as it was typed
    label: str | None  # of the button


class OriginalLinks(dict):
    """{`ShortLink`: `Original`, or None if there is none}. No remote caller can send
    one: what comes over RPC is a plain dict."""

    def __init__(self, links, shared=None):
        """:param links: ``link.tracker``, to look more up in
        :param dict shared: {id of a mailing: {`Original` that all its mails have: id of
            the one link that counts for all}}"""
        super().__init__()
        self._links = links
        self._shared = shared or {}

    def look_up(self, links):
        """Know these, and what is behind what they lead to, at each step in one query
        for each kind."""
        while unknown := {link for link in links if link not in self}:
            self.update(dict.fromkeys(unknown))
            self.update(self._links._privacy_behind(unknown))
            behind = (self[link].url for link in unknown if self[link])
            links = filter(None, map(short_links.parse, behind))

    def in_text(self, text, clicks, counting=None):
        """:param str clicks: level that links may have
        :param counting: mailing that counts who follows its links, of whomever; a link
            that not all of its mails have is none of these
        :return: the text with the links that were typed, or that count for nobody"""
        if clicks == IDENTIFIED:
            return text
        counting = counting if clicks == ANONYMOUS else None
        return short_links.in_text(text, lambda link: self._instead(link, counting))

    def in_html(self, html, openings, clicks, counting=None):
        """:param str openings: level that may be had by what is fetched when the mail
            is opened
        :return: as :meth:`in_text`, of a mail without pictures that count"""
        counting = counting if clicks == ANONYMOUS else None
        fetched = strictest(openings, clicks)

        def new(link, follows):
            if (clicks if follows else fetched) == IDENTIFIED:
                return None
            if link.is_picture:
                return None if openings == IDENTIFIED else ""
            return self._instead(link, counting if follows else None)

        return short_links.in_html(html, new)

    def _instead(self, link, counting):
        """:return: what stands instead of a short link, None where it is none"""
        if link.is_picture:
            return ""
        self.look_up([link])
        found, seen = self[link], {link}
        while found and (inner := short_links.parse(found.url)):
            if inner.is_picture or inner in seen:
                return ""
            if not self[inner]:
                break
            seen.add(inner)
            found = self[inner]
        if not found:
            return None
        shared = self._shared.get(counting.id, {}) if counting else {}
        common = shared.get(found) or shared.get(found._replace(label=None))
        return counting._privacy_link_url(common) if common else found.url


class LinkTracker(models.Model):
    _inherit = "link.tracker"

    privacy_hits = fields.Integer(
        "Clicks without tracking",
        compute="_compute_privacy_hits",
        help="Of nobody in particular, in mailings to enough people to hide each.",
    )

    def _compute_privacy_hits(self):
        mailings = self.sudo().mass_mailing_id
        sums = self.env["privacy.mailing.count"]._sums(mailings)
        totals = mailings._privacy_totals()
        shown = {id_ for id_ in totals if totals[id_][CLICKS].is_shown}
        for link in self:
            mailing_id = link.mass_mailing_id.id
            hits = sums.get((mailing_id, link.id), 0)
            link.privacy_hits = hits if mailing_id in shown else 0

    @api.model
    def _privacy_originals(self, texts, mailings=()):
        """:param mailings: those that count who follows their links, of whomever
        :return: the `OriginalLinks` behind the short ones in texts, in two queries and
            two for each of the mailings"""
        usual = [match for text in texts if text for match in USUAL.finditer(text)]
        # superuser: who sends need not be able to read link trackers
        links = self.sudo()
        shared = {mailing.id: mailing._privacy_shared_links() for mailing in mailings}
        found = OriginalLinks(links, shared)
        found.look_up(
            ShortLink(match["code"], match["id"] and int(match["id"]))
            for match in usual
        )
        return found

    @api.model
    def _privacy_behind(self, short):
        """:param short: set of `ShortLink`
        :return: {`ShortLink`: `Original`} of those that there are"""
        codes = [link.code for link in short if link.code]
        ids = [link.id for link in short if link.id and link.id <= LARGEST_ID]
        found = {}
        if codes:
            rows = self.env["link.tracker.code"].search([("code", "in", codes)])
            found = {ShortLink(row.code, None): row.link_id for row in rows}
        if ids:
            rows = self.search([("id", "in", ids)])
            found.update({ShortLink(None, row.id): row for row in rows})
        return {link: Original(row.url, row.label or "") for link, row in found.items()}
