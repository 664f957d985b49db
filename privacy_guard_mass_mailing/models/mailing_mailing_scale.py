import lxml.html
from odoo import api, fields, models
from odoo.addons.link_tracker.tools.html import find_links_with_urls_and_labels
from odoo.fields import Domain
from odoo.tools import consteq, hmac
from odoo.tools.mail import is_html_empty, validate_url

from ..scale import ANONYMOUS, AXES, IDENTIFIED, LEVELS, OFF, strictest
from .link_tracker import Original

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
        company = self._privacy_company()
        if person == ANONYMOUS and company.privacy_silence == "ask":
            return OFF, OFF
        return tuple(strictest(person, company[axis], self[axis]) for axis in AXES)

    # ------------------------------------------------------------------
    # Addresses that are the same for everybody
    # ------------------------------------------------------------------

    def _privacy_pixel_url(self):
        """:return: address of the picture that counts openings"""
        return self._privacy_counting_url(f"{self._privacy_token()}.gif")

    def _privacy_link_url(self, link_id):
        """:return: address that counts one click and leads to the link"""
        token = self._privacy_token(link_id)
        return self._privacy_counting_url(f"{link_id}/{token}")

    def _privacy_counting_url(self, path):
        base_url = self._privacy_company()._privacy_base_url()
        return f"{base_url}/mailing/c/{self.id}/{path}"

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
        text before it is filled in are counted, each as one link, however many were
        made that lead there.

        :return: {`Original`: id of the ``link.tracker`` that counts}; without a label,
            for buttons that each person reads another text on
        """
        self.ensure_one()
        links = self._privacy_written_links()
        if not links:
            return {}
        written = {Original(validate_url(url), label) for url, label in links}
        # superuser: who sends need not be able to read link trackers
        links = self.env["link.tracker"].sudo()
        mine = Domain("mass_mailing_id", "=", self.id)
        mine &= Domain("url", "in", [link.url for link in written])
        labels = Domain("label", "in", [link.label or False for link in written])
        found = {
            Original(url, None): id_
            for url, id_ in links._read_group(mine, ["url"], ["id:min"])
        }
        rows = links._read_group(mine & labels, ["url", "label"], ["id:min"])
        buttons = {Original(url, label or ""): id_ for url, label, id_ in rows}
        return found | {link: id_ for link, id_ in buttons.items() if link in written}

    def _privacy_written_links(self):
        """:return: list of (URL, label) of the links in the text of the mailing as it
        was written"""
        if is_html_empty(self.body_html):
            return []
        html = self._replace_local_links(self.body_html)
        base = self.get_base_url()
        root = lxml.html.fromstring(html)
        _nodes, links = find_links_with_urls_and_labels(root, base)
        return [(link["url"], link["label"] or "") for link in links]
