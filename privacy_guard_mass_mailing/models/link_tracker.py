import re

from odoo import api, models

# A tracked link in a text, with or without whose it is.
SHORT_LINK = re.compile(
    r"https?://[^\s\"'<>]+?/r/([A-Za-z0-9]+)(?:/[ms]/\d+)?(?![\w/-])"
)


class OriginalLinks(dict):
    """{code of a short link: the link that was typed}. No remote caller can send one:
    what comes over RPC is a plain dict."""

    def restore(self, text, quote=str):
        """:param quote: what the links need in the kind of text
        :return: the text with the links that were typed"""
        return SHORT_LINK.sub(
            lambda match: str(quote(self.get(match[1], match[0]))), text
        )


class LinkTracker(models.Model):
    _inherit = "link.tracker"

    @api.model
    def _privacy_originals(self, texts):
        """:return: the `OriginalLinks` behind the short ones in texts, in one query"""
        codes = {
            match[1] for text in texts if text for match in SHORT_LINK.finditer(text)
        }
        if not codes:
            return OriginalLinks()
        # superuser: who sends need not be able to read link trackers
        model = self.env["link.tracker.code"].sudo()
        found = model.search([("code", "in", list(codes))])
        return OriginalLinks({code.code: code.link_id.url for code in found})
