import csv
import io
import json
import tempfile

from odoo import http
from odoo.http import request
from werkzeug.wsgi import wrap_file


class EvidenceController(http.Controller):
    @http.route(
        "/privacy_guard/evidence.<any(jsonl, csv):extension>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def export(self, extension):
        """Download all evidence, for the stand-alone verifier; officers only."""
        # a file, because the evidence of millions does not fit into memory; the
        # response closes it
        spool = tempfile.TemporaryFile()
        text = io.TextIOWrapper(spool, encoding="utf-8", newline="")
        events = request.env["consent.event"]._export()
        write = self._write_csv if extension == "csv" else self._write_jsonl
        write(text, events)
        text.flush()
        size = spool.tell()
        spool.seek(0)
        text.detach()
        return request.make_response(
            wrap_file(request.httprequest.environ, spool),
            headers=[
                ("Content-Type", "text/csv" if extension == "csv" else "text/plain"),
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
