from lxml import etree
from markupsafe import Markup
from odoo import api, models

from .ir_qweb import MAY_HOLD_FORMS


class IrQwebFieldHtml(models.AbstractModel):
    _inherit = "ir.qweb.field.html"

    @api.model
    def value_to_html(self, value, options):
        """Forms in products, articles and the like, as Odoo signs them there."""
        html = super().value_to_html(value, options)
        if not html or not MAY_HOLD_FORMS.search(html):
            return html
        body = etree.fromstring(f"<body>{html}</body>", etree.HTMLParser())[0]
        # superuser: the visitor reads what is published, whoever's page it is
        self.env["privacy.web.form"].sudo()._add_boxes(body)
        text = etree.tostring(body, encoding="unicode", method="html")
        return Markup(text[len("<body>") : -len("</body>")])
