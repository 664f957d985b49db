from odoo import models
from odoo.http import request
from odoo.tools.urls import urljoin
from werkzeug.exceptions import NotFound, default_exceptions

from .website_rewrite import is_right_path


def is_address(path):
    """:return: whether Odoo can make an address of a path: with dots in it, or letters
    that are none, it cannot"""
    try:
        urljoin("/", path)
    except ValueError:
        return False
    return True


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def _get_rewrites(self, website_id):
        """Those that were there before us, or came by SQL, change no way to refuse."""
        rewrites = super()._get_rewrites(website_id)
        return {path: r for path, r in rewrites.items() if not is_right_path(path)}

    @classmethod
    def _match(cls, path_info):
        """A page names its own address: where there can be none, there is no page."""
        rule, args = super()._match(path_info)
        if rule.endpoint.routing.get("website") and not is_address(path_info):
            raise NotFound()
        return rule, args

    @classmethod
    def _get_error_html(cls, env, code, values):
        """Nor can the website's page say so."""
        if is_address(request.httprequest.path):
            return super()._get_error_html(env, code, values)
        return code, default_exceptions.get(code, NotFound)().get_body()
