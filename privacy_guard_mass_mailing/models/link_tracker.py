import re
from typing import NamedTuple

from odoo import api, fields, models

from ..scale import CLICKS

# A tracked link in a text, with or without whose it is; or one that counts for nobody.
SHORT_LINK = re.compile(
    r"https?://[^\s\"'<>]+?/(?:r/(?P<code>[A-Za-z0-9]+)(?:/[ms]/\d+)?"
    r"|mailing/c/\d+/(?P<id>\d{1,9})/[0-9a-f]+)(?![\w/-])"
)


class Original(NamedTuple):
    """What is behind a short link."""

    link_id: int
    url: str  # as it was typed


class OriginalLinks(dict):
    """{code, or id as text, of a short link: `Original`}. No remote caller can send
    one: what comes over RPC is a plain dict."""

    def __init__(self, *args, shared=None):
        """:param dict shared: {id of a mailing: the URLs that are in all its mails}"""
        super().__init__(*args)
        self._shared = shared or {}

    def restore(self, text, quote=str, counting=None):
        """:param quote: what the links need in the kind of text
        :param counting: mailing that counts who follows its links, of whomever; a link
            that not all of its mails have is none of these
        :return: the text with the links that were typed"""
        shared = self._shared.get(counting.id, ()) if counting else ()

        def original(match):
            found = self.get(match["code"] or match["id"])
            if found is None:
                return match[0]
            if found.url in shared:
                return counting._privacy_link_url(found.link_id)
            return found.url

        return SHORT_LINK.sub(lambda match: str(quote(original(match))), text)


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
        :return: the `OriginalLinks` behind the short ones in texts, in two queries"""
        matches = [
            match for text in texts if text for match in SHORT_LINK.finditer(text)
        ]
        codes = {match["code"] for match in matches} - {None}
        ids = {match["id"] for match in matches} - {None}
        if not codes | ids:
            return OriginalLinks()
        shared = {mailing.id: mailing._privacy_shared_links() for mailing in mailings}
        found = OriginalLinks(shared=shared)
        # superuser: who sends need not be able to read link trackers
        links = self.sudo()
        if codes:
            rows = links.env["link.tracker.code"].search([("code", "in", list(codes))])
            found.update({c.code: Original(c.link_id.id, c.link_id.url) for c in rows})
        if ids:
            rows = links.search([("id", "in", list(map(int, ids)))])
            found.update({str(link.id): Original(link.id, link.url) for link in rows})
        return found
