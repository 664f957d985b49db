from pathlib import PurePath

from odoo import http
from odoo.http import request
from odoo.tools import consteq
from werkzeug.exceptions import NotFound

from .. import responses as pages
from ..models.page.consent_receipt_text import CONTENT_TYPES
from .export import zip_files

PROOF_ROUTE = {**pages.LINK_ROUTE, "methods": ["GET"]}


def receipt_response(name, content):
    """:param str name: of the file
    :param bytes content: of the file"""
    return request.make_response(
        content,
        headers=[
            ("Content-Type", CONTENT_TYPES[PurePath(name).suffix]),
            ("Content-Disposition", f'attachment; filename="{name}"'),
            ("Cache-Control", "no-store"),
        ],
    )


class ReceiptController(http.Controller):
    """Receipts and proofs, for officers and for whoever has a receipt (EVI-3)."""

    @http.route(
        "/privacy_guard/privacy-receipt.zip", type="http", auth="user", methods=["GET"]
    )
    def receipt(self, ids=""):
        """The receipt of some consents, to read and for programs; officers only, and
        logged.

        :param str ids: of the consents
        """
        numbers = [int(id_) for id_ in ids.split(",") if pages.is_id(id_)]
        records = request.env["consent.record"].browse(numbers).exists()
        if not records:
            raise NotFound()
        return zip_files(records._hand_out_receipt().items(), "privacy-receipt.zip")

    @http.route("/privacy/proof/<int:event_id>/<string:token>", **PROOF_ROUTE)
    def proof(self, event_id, token):
        """The proof that an event is in the log, for whoever has the link, which is in
        the receipt. It says nothing of the event to who does not have that."""
        event = self._linked_event(event_id, token)
        if not event:
            return pages.neutral(404)
        text = request.env["consent.log.checkpoint"]._prove(event)
        if not text:
            return pages.render("privacy_guard.proof_pending", status=404)
        name = f"attachment; filename={event.hash[:16]}.tlog-proof"
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Disposition", name),
        ]
        return pages.harden(request.make_response(text.encode(), headers=headers))

    def _linked_event(self, event_id, token):
        """:return: the event, as superuser, if the link is its own; else None"""
        if not pages.is_id(event_id) or not token.isascii():
            return None
        # superuser: the link is the authorisation
        event = request.env["consent.event"].sudo().browse(event_id).exists()
        return event if event and consteq(event._proof_token(), token) else None
