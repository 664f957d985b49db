from odoo import http
from odoo.http import request
from werkzeug.exceptions import NotFound

# what was signed is replaced by the next one; a tile never changes
FRESH = "public, max-age=5"
TEXT = "text/plain; charset=utf-8"
TOKEN = "application/vnd.etsi.timestamp-token"
FOREVER = "public, max-age=31536000, immutable"
ROUTE = {
    "type": "http",
    "auth": "public",
    "methods": ["GET"],
    "save_session": False,
    "sitemap": False,
}


class PrivacyLogController(http.Controller):
    """The transparency log as C2SP tlog-tiles has it: no personal data, for everybody.

    Entries are not served: they would tell which hash of an event stands where.
    """

    @http.route("/privacy/log/checkpoint", **ROUTE)
    def checkpoint(self):
        """The newest signed checkpoint."""
        last = request.env["consent.log.checkpoint"]._last()
        if not last:
            raise NotFound()
        return self._public(last._cosigned_note().encode(), TEXT, FRESH)

    @http.route("/privacy/log/tile/<path:place>", **ROUTE)
    def tile(self, place):
        """A tile of hashes.

        :param str place: ``<L>/<N>[.p/<W>]``
        """
        hashes = request.env["consent.log.tile"]._published(place)
        if not hashes:
            raise NotFound()
        return self._public(hashes, "application/octet-stream", FOREVER)

    @http.route("/privacy/log/statement/<int:index>.tlog-proof", **ROUTE)
    def statement(self, index):
        """What an officer has declared in the log itself, with the proof: that the
        database was restored. It is for whoever kept a checkpoint that is lost.

        :param int index: its place in the log
        """
        proof = request.env["consent.log.leaf"]._published_statement(index)
        if not proof:
            raise NotFound()
        return self._public(proof.encode(), TEXT, FRESH)

    @http.route("/privacy/log/stamp/<int:size>.<any(tst, txt):extension>", **ROUTE)
    def stamp(self, size, extension):
        """The time stamp of a checkpoint, or what was stamped, byte for byte.

        :param int size: of the checkpoint
        """
        files = request.env["consent.stamp"]._published(size)
        if not files:
            raise NotFound()
        kind = TOKEN if extension == "tst" else TEXT
        return self._public(files[f"stamped.{extension}"], kind, FRESH)

    @http.route(
        "/privacy_guard/evidence/<int:event_id>.tlog-proof",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def proof(self, event_id):
        """Download the proof that an event is in the log; officers only."""
        events = request.env["consent.event"]
        events._check_officer()
        event = events.browse(event_id).exists()
        event.check_access("read")
        proof = event and request.env["consent.log.checkpoint"]._prove(event)
        if not proof:
            raise NotFound()
        name = f"attachment; filename=event-{event_id}.tlog-proof"
        return request.make_response(
            proof.encode(),
            headers=[
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Content-Disposition", name),
                ("Cache-Control", "no-store"),
            ],
        )

    def _public(self, content, content_type, caching):
        headers = [
            ("Content-Type", content_type),
            ("Content-Length", len(content)),
            ("Cache-Control", caching),
            ("Access-Control-Allow-Origin", "*"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(content, headers=headers)
