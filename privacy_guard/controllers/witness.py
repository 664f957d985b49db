from odoo import http
from odoo.http import request
from werkzeug.exceptions import LengthRequired, NotFound, RequestEntityTooLarge

from ..tools.tlog import witness
from .log import FRESH, ROUTE, TEXT


class PrivacyWitnessController(http.Controller):
    """This installation as a witness of other logs, as C2SP tlog-witness has it. The
    prefix for both, submitting and monitoring, is ``/privacy/witness``."""

    # programs post: there is no session that could be abused
    @http.route(
        "/privacy/witness/add-checkpoint",
        **{**ROUTE, "methods": ["POST"]},
        csrf=False,
        max_content_length=witness.MOST_BYTES,
    )
    def add_checkpoint(self):
        """Cosign the checkpoint of a log that the settings name."""
        logs = request.env["consent.witnessed.log"]
        try:
            content = logs._add_checkpoint(self._posted())
        except witness.Refusal as refusal:
            return self._answer(
                refusal.content, refusal.content_type, status=refusal.status
            )
        return self._answer(content, TEXT)

    def _posted(self):
        """:return: the body, of which no more is read than the protocol allows"""
        length = request.httprequest.content_length
        if length is None:
            raise LengthRequired()
        if length > witness.MOST_BYTES:
            raise RequestEntityTooLarge()
        return request.httprequest.get_data()

    @http.route("/privacy/witness/<string:log_id>/checkpoint", **ROUTE)
    def checkpoint(self, log_id):
        """The newest checkpoint of a log that was cosigned here.

        :param str log_id: SHA-256 of its name, in hexadecimal
        """
        seen = request.env["consent.witnessed.log"]._seen(log_id)
        if not seen:
            raise NotFound()
        return self._answer(seen, TEXT, FRESH)

    def _answer(self, content, content_type, caching="no-store", status=200):
        headers = [
            ("Content-Type", content_type),
            ("Cache-Control", caching),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(content.encode(), headers=headers, status=status)
