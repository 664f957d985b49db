import base64

from odoo.http import Controller, Response, request, route
from werkzeug.exceptions import NotFound

from odoo.addons.privacy_guard.extending import LINK_ROUTE

from ..scale import is_hit

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
# Nothing is kept where it was opened, nor told to whoever is linked to.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
ROUTE = {**LINK_ROUTE, "methods": ["GET"]}


class CountingController(Controller):
    """Addresses that are the same in each mail of a mailing. A hit adds one to a number
    and leaves nothing else behind, here or with whoever hits: no session, no cookie."""

    @route("/mailing/c/<int:mailing_id>/<string:token>.gif", **ROUTE)
    def privacy_count_opening(self, mailing_id, token):
        self._privacy_count(mailing_id, 0, token)
        return Response(PIXEL, mimetype="image/gif", headers=HEADERS)

    @route("/mailing/c/<int:mailing_id>/<int:link_id>/<string:token>", **ROUTE)
    def privacy_count_click(self, mailing_id, link_id, token):
        """It leads to the link as it was typed: one that names the mailing would tell
        the website where its visitor comes from."""
        link = self._privacy_count(mailing_id, link_id, token)
        if not link:
            raise NotFound()
        response = request.redirect(link.absolute_url, code=302, local=False)
        response.headers.extend(HEADERS)
        return response

    def _privacy_count(self, mailing_id, link_id, token):
        """:return: ``link.tracker``, as superuser
        :raise NotFound: we did not make the address"""
        # superuser: whoever got the mail may use what is in it
        env = request.env(su=True)
        mailing = env["mailing.mailing"]._privacy_counted(mailing_id, link_id, token)
        if not mailing:
            raise NotFound()
        link = env["link.tracker"].browse(link_id or []).exists()
        if is_hit() and not env["ir.http"].is_a_bot() and bool(link_id) == bool(link):
            env["privacy.mailing.count"]._hit(mailing, link)
        return link
