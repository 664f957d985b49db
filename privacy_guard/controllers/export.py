import tempfile
import zipfile

from odoo import http
from odoo.http import request
from werkzeug.wsgi import wrap_file

from .. import responses as pages
from ..access import check_officer


def zip_response(file, name="my-data.zip"):
    """:param file: temporary file with a ZIP; the response closes it
    :param str name: that it is saved under"""
    size = file.seek(0, 2)
    file.seek(0)
    return request.make_response(
        wrap_file(request.httprequest.environ, file),
        headers=[
            ("Content-Type", "application/zip"),
            ("Content-Length", size),
            ("Content-Disposition", f'attachment; filename="{name}"'),
        ],
    )


def zip_files(files, name):
    """:param files: (name, content) of each file
    :param str name: that the ZIP file of them is saved under"""
    file = tempfile.TemporaryFile()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for inner, content in files:
            archive.writestr(inner, content)
    response = zip_response(file, name)
    response.headers["Cache-Control"] = "no-store"
    return response


class ExportController(http.Controller):
    """Handing out the access copy (GDPR Art. 15(3) and 20)."""

    @http.route(
        "/privacy/download/<int:export_id>/<string(minlength=40,maxlength=1024):token>",
        **pages.LINK_ROUTE,
    )
    def export_download(self, export_id, token):
        """GET offers a button, so that no mail scanner takes a copy; POST hands the
        file out, until it is purged."""
        export = self._proven(export_id, token)
        return pages.answer_link(export, self._show, self._hand_out)

    def _show(self, export):
        company = request.env["privacy.preferences.page"]._company([export._subject()])
        values = {
            "company": company,
            "url": request.httprequest.path,
            "expires_at": export._moment("expires_at", company.with_env(request.env)),
        }
        return pages.render("privacy_guard.export_page", values)

    def _hand_out(self, export):
        file = export._fetch()
        return pages.harden(zip_response(file)) if file else pages.neutral(404)

    def _proven(self, export_id, token):
        """:return: the export, as superuser, when the link is one for it and there is a
        file to fetch; else None, which tells nobody why"""
        # superuser: the link is the authorisation
        export = request.env["privacy.export"].sudo().browse(export_id).exists()
        links = request.env["privacy.preferences.link"]
        payload = export and links._verify(token, export._use())
        if not payload or payload[:2] != [export.res_model, export.res_id]:
            return None
        if export.state != "ready" or export.source == "officer":
            return None
        # of whom it was made, or whom they were merged into
        subject = links._subject(payload, export._use())
        if subject not in subject._privacy_proven():
            return None
        request.env["ir.http"]._privacy_speak_to(subject)
        return export.with_env(request.env(su=True))

    @http.route(
        "/privacy_guard/export/<int:export_id>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def export_officer(self, export_id):
        """The access copy that an officer asked for, for who wrote a letter."""
        export = request.env["privacy.export"].browse(export_id)
        refusal = request.env._("Only privacy officers may do this.")
        check_officer(request.env, refusal)
        export._check_readable()
        export = export.sudo()  # superuser: the right was checked
        file = export._fetch() if export.source == "officer" else None
        if not file:
            raise request.not_found()
        response = zip_response(file)
        response.headers["Cache-Control"] = "no-store"
        return response
