from odoo import http
from odoo.http import request
from werkzeug.exceptions import NotFound

from ..constants import NEW_KEY
from ..tools.installation import FILE_NAME


class KeyFileController(http.Controller):
    @http.route("/privacy_guard/key-file", type="http", auth="user", methods=["GET"])
    def key_file(self):
        """Download the key file, once, in the session that has made it."""
        key_id = request.session.pop(NEW_KEY, None)
        if not key_id:
            raise NotFound
        content = request.env["privacy.key"]._hand_out(key_id)
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/json"),
                ("Content-Disposition", f"attachment; filename={FILE_NAME}"),
                ("Cache-Control", "no-store"),
            ],
        )
