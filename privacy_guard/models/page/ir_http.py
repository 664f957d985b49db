from odoo import models
from odoo.http import SessionExpiredException, request

from ... import responses


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        """The pages take their form from the body; a field of a stranger's making
        must not become an argument of the endpoint."""
        if responses.is_personal_page(request.httprequest.path):
            known = ("token", "export_id", "purposes")
            request.params = {
                k: request.params[k] for k in known if k in request.params
            }
        return super()._dispatch(endpoint)

    @classmethod
    def _handle_error(cls, exception):
        """Whatever goes wrong under a personal link looks the same to the visitor:
        no traceback, no hint at what exists, no copy in a cache."""
        path = request.httprequest.path
        expired = isinstance(exception, SessionExpiredException)
        if expired or not responses.is_personal_page(path):
            return super()._handle_error(exception)
        if not request.env.uid:
            cls._auth_method_public()
        request.env.cr.rollback()
        response = responses.neutral(responses.status_of(exception))
        response.flatten()
        cls._post_dispatch(response)
        return response
