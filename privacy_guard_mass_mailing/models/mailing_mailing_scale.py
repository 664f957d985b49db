import lxml.html
from odoo import api, fields, models
from odoo.addons.link_tracker.tools.html import find_links_with_urls_and_labels
from odoo.tools import consteq, hmac
from odoo.tools.mail import is_html_empty, validate_url

from ..scale import ANONYMOUS, AXES, IDENTIFIED, LEVELS, OFF, strictest

SCOPE = "privacy_guard-counted"
TOKEN_SIZE = 24


class MailingMailing(models.Model):
    """How far a mailing counts, and the addresses that count without telling of whom:
    the same in each mail, signed for this mailing and for nothing else."""

    _inherit = "mailing.mailing"

    privacy_openings = fields.Selection(
        LEVELS,
        "Openings",
        default=IDENTIFIED,
        required=True,
        help="The most that is counted; the company or the person may allow less.",
    )
    privacy_clicks = fields.Selection(
        LEVELS,
        "Clicks",
        default=IDENTIFIED,
        required=True,
        help="The most that is counted; the company or the person may allow less.",
    )

    def _privacy_levels(self, person):
        """What a mail that is built now may count: the strictest of company, mailing
        and person. It is decided once, and signed into the addresses in the mail.

        :param str person: what the person allows, `_tracking_levels()` of
            ``privacy.gate``
        :return: (level of openings, level of clicks); without a mailing, whose totals
            they could be part of, nobody is counted who did not agree
        """
        if not self.env["privacy.gate"]._is_enabled():
            return IDENTIFIED, IDENTIFIED
        if not self:
            level = IDENTIFIED if person == IDENTIFIED else OFF
            return level, level
        # superuser: the company binds whoever sends
        company = self.sudo().user_id.company_id or self.env.company.sudo()
        if person == ANONYMOUS and company.privacy_silence == "ask":
            return OFF, OFF
        return tuple(strictest(person, company[axis], self[axis]) for axis in AXES)

    def _privacy_limit_links(self, text, originals, clicks, quote=str):
        """:param originals: `OriginalLinks` of the text
        :param str clicks: level that its links may have
        :param quote: what links need in the kind of text
        :return: the text with links that count no more than that"""
        if clicks == IDENTIFIED:
            return text
        counting = self if clicks == ANONYMOUS else None
        return originals.restore(text, quote=quote, counting=counting)

    # ------------------------------------------------------------------
    # Addresses that are the same for everybody
    # ------------------------------------------------------------------

    def _privacy_pixel_url(self):
        """:return: address of the picture that counts openings"""
        return f"{self.get_base_url()}/mailing/c/{self.id}/{self._privacy_token()}.gif"

    def _privacy_link_url(self, link_id):
        """:return: address that counts one click and leads to the link"""
        token = self._privacy_token(link_id)
        return f"{self.get_base_url()}/mailing/c/{self.id}/{link_id}/{token}"

    def _privacy_token(self, link_id=0):
        """:return: signature of the address of a link, or of the picture"""
        # superuser: the key is no user's to read
        env = self.env(su=True)
        return hmac(env, SCOPE, (self.id, link_id))[:TOKEN_SIZE]

    @api.model
    def _privacy_counted(self, mailing_id, link_id, token):
        """:param link_id: 0 for the picture
        :return: the mailing that an address counts for, none if we did not make it"""
        mailing = self.browse(mailing_id)
        expected = mailing._privacy_token(link_id)
        if not consteq(expected.encode(), token.encode(errors="replace")):
            return self.browse()
        return mailing.exists()

    def _privacy_shared_links(self):
        """Links that are made for each person would tell them apart: only those of the
        text before it is filled in are counted.

        :return: frozenset of URLs, as ``link.tracker`` keeps them
        """
        self.ensure_one()
        return frozenset(map(validate_url, self._privacy_written_links()))

    def _privacy_written_links(self):
        """:return: list of the links in the text of the mailing as it was written"""
        if is_html_empty(self.body_html):
            return []
        html = self._replace_local_links(self.body_html)
        base = self.get_base_url()
        root = lxml.html.fromstring(html)
        _nodes, links = find_links_with_urls_and_labels(root, base)
        return [link["url"] for link in links]
