import re

from markupsafe import escape
from odoo import models

from .privacy_web_form import BOX

# a form, or what answers in one that is elsewhere, however its name is spelt
MAY_HOLD_FORMS = re.compile(f"/website/form/|{BOX}|&#")


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _get_template(self, template):
        """Web forms of a page get their boxes where Odoo signs them: the compiled page
        holds the text that is published, in its language; publishing voids it."""
        element, document, ref = super()._get_template(template)
        # a number is that of a view; the boxes come from a file
        is_of_website = self.env.context.get("website_id") and isinstance(ref, int)
        if is_of_website and MAY_HOLD_FORMS.search(document):
            # superuser: the visitor reads what is published, whoever's page it is
            web_form = self.env["privacy.web.form"].sudo()
            for boxes in web_form._add_boxes(element, self._privacy_page_name(ref)):
                self._privacy_escape(boxes)
        return element, document, ref

    def _privacy_page_name(self, ref):
        # superuser: the name of the page is part of the evidence
        view = self.env["ir.ui.view"].sudo()
        return view.browse(ref).name if isinstance(ref, int) else str(ref or "")

    def _privacy_escape(self, boxes):
        """A template's text goes out as it stands there: what is no template of ours
        is escaped once more."""
        for node in boxes.iter():
            node.text = node.text and str(escape(node.text))
            if node is not boxes:
                node.tail = node.tail and str(escape(node.tail))
