import re

from odoo import models
from odoo.http import request
from werkzeug.datastructures import ImmutableMultiDict

# where mail programs unsubscribe from a mailing (RFC 8058)
ONE_CLICK = re.compile(r"/mailing/[0-9]+/unsubscribe_oneclick/?")
SIGNED = ("document_id", "email", "hash_token")


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Where the link says all, whatever is posted takes nothing from what it says:
        a no is not lost by a body that repeats it, or that nobody can store."""
        posted = request.httprequest
        if ONE_CLICK.fullmatch(posted.path) and all(map(posted.args.get, SIGNED)):
            posted.form, posted.files = ImmutableMultiDict(), ImmutableMultiDict()
        return super()._pre_dispatch(rule, args)
