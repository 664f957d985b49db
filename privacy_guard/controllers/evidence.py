import csv
import io
import json
import tempfile

from odoo import http
from odoo.http import request
from werkzeug.exceptions import BadRequest
from werkzeug.wsgi import wrap_file

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
