import hmac
import json
from hashlib import sha256

from odoo.exceptions import UserError
from odoo.http import Controller, request, route


class SmsWebhook(Controller):
    """What people send back, from a provider who signs what it posts."""

    @route(
        "/sms_webhook/received",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def received(self):
        """A provider posts again what it gets no answer to: the reference makes it one
        message."""
        posted = request.httprequest.get_data()
        if not self._is_provider(posted):
            return request.make_response("", status=403)
        message = json.loads(posted)
        replies = request.env["privacy.sms.reply"]
        reference = f"example {message['id']}"
        try:
            replies._receive(message["from"], message["text"], reference=reference)
        except UserError as error:
            return request.make_response(str(error), status=400)
        return request.make_response("")

    def _is_provider(self, posted):
        """:return: whether what was posted is signed with the secret that we share"""
        # superuser: the secret is nobody's to read
        parameters = request.env["ir.config_parameter"].sudo()
        secret = (parameters.get_param("sms_webhook.secret") or "").encode()
        given = request.httprequest.headers.get("X-Signature", "").encode()
        signed = hmac.new(secret, posted, sha256).hexdigest().encode()
        return bool(secret) and hmac.compare_digest(signed, given)
