import csv
import io
import json
import logging
import tempfile

from odoo import http
from odoo.http import request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wsgi import wrap_file

from ..responses import is_id
from ..tools.cipher import CipherError
from ..tools.keyring import KeyringError
from .export import zip_files, zip_response

_logger = logging.getLogger(__name__)

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
}


class EvidenceController(http.Controller):
    @http.route(
        "/privacy_guard/evidence.<any(jsonl, csv):extension>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def export(self, extension, res_model=None, res_id=None):
        """Download evidence, for the stand-alone verifier; officers only.

        :param str res_model: only the events of one subject, of this model
        :param str res_id: its id
        """
        if res_model and not (res_id or "").isdecimal():
            raise BadRequest("res_id is no number")
        # a file, because the evidence of millions does not fit into memory; the
        # response closes it
        spool = tempfile.TemporaryFile()
        text = io.TextIOWrapper(spool, encoding="utf-8", newline="")
        events = request.env["consent.event"]._export(
            res_model or None, int(res_id) if res_model else None
        )
        write = self._write_csv if extension == "csv" else self._write_jsonl
        write(text, events)
        text.flush()
        size = spool.tell()
        spool.seek(0)
        text.detach()
        return request.make_response(
            wrap_file(request.httprequest.environ, spool),
            headers=[
                ("Content-Type", CONTENT_TYPES[extension]),
                ("Content-Length", size),
                ("Content-Disposition", f"attachment; filename=evidence.{extension}"),
                ("Cache-Control", "no-store"),
            ],
        )

    @http.route(
        "/privacy_guard/evidence/checkpoint.zip",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def checkpoint(self):
        """Download the newest checkpoint, what verifies it, and its time stamp;
        officers only."""
        request.env["consent.event"]._check_officer()
        last = request.env["consent.log.checkpoint"]._last()
        if not last:
            raise NotFound()
        return zip_files(last._export_files(), "checkpoint.zip")

    @http.route(
        "/privacy_guard/proof-pack.zip", type="http", auth="user", methods=["GET"]
    )
    def proof_pack(self, ids=""):
        """Download a proof pack and its files where the server makes no PDF; officers
        only, and logged.

        :param str ids: of the consents
        """
        numbers = [int(id_) for id_ in ids.split(",") if is_id(id_)]
        records = request.env["consent.record"].browse(numbers).exists()
        if not records:
            raise NotFound()
        files = request.env["consent.proof"]._page_and_files(records)
        return zip_files(files.items(), "proof-pack.zip")

    @http.route(
        "/privacy_guard/proofs/<int:order_id>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def proofs(self, order_id):
        """Download the proof packs that the officer has asked for."""
        order = request.env["consent.proof.order"].browse(order_id)
        order._check_own()
        if order.state != "ready":
            raise NotFound()
        try:
            file = request.env["consent.proof.line"]._archive(order)
        except (KeyringError, CipherError) as error:
            _logger.error("The proof packs %s cannot be opened: %s", order_id, error)
            raise NotFound() from error
        response = zip_response(file, "proof-packs.zip")
        response.headers["Cache-Control"] = "no-store"
        return response

    def _write_jsonl(self, text, events):
        for event in events:
            text.write(json.dumps(event, ensure_ascii=False) + "\n")

    def _write_csv(self, text, events):
        writer = None
        for event in events:
            if writer is None:
                writer = csv.DictWriter(text, fieldnames=list(event))
                writer.writeheader()
            writer.writerow(event)
