import json

from lxml import html
from odoo import api, models

from .privacy_web_form import ACCOUNTS, BOX, CONTACTS, TICKED

ATTRIBUTE = "data-privacy-purposes"
BOXES = "s_privacy_consents"
TEMPLATE = "privacy_guard_website/static/templates/web_form_boxes.xml"


class PrivacyWebForm(models.AbstractModel):
    """Putting the boxes into the forms of a page."""

    _inherit = "privacy.web.form"

    @api.model
    def _add_boxes(self, fragment, label=""):
        """Put the boxes of today into each web form of a page; those that the editor
        saved along with it go, and so does what else would answer for the visitor.

        :param fragment: element that forms are in, which is changed
        :param str label: the name of the page, for the evidence
        :return: list of the elements that were added
        """
        for node in filter(self._answers, list(fragment.iter())):
            if node.getparent() is not None:
                node.getparent().remove(node)
        added = []
        for form in list(fragment.iter("form")):
            if "/website/form/" not in (form.get("action") or ""):
                continue
            if boxes := self._boxes(form, label):
                added.append(html.fragment_fromstring(boxes))
                self._place(form, added[-1])
        return added

    @api.model
    def _answers(self, node):
        """:return: whether an element of a page is a box, or would be posted as one,
        with the form around it or, by its attribute, with another one"""
        values = list(map(str, node.values()))
        return any(BOX in value or BOXES in value for value in values)

    @api.model
    def _place(self, form, boxes):
        button = form.xpath(".//*[contains(@class, 's_website_form_submit')]")
        if button:
            button[0].addprevious(boxes)
        else:
            form.append(boxes)

    @api.model
    def _boxes(self, form, label):
        """:return: the HTML of a form's boxes, "" without any"""
        model_name = form.get("data-model_name") or form.get("data-force_action")
        if model_name not in self.env or not self.env["privacy.gate"]._is_enabled():
            return ""
        names = set(form.xpath(".//@name"))
        return self._render_boxes(
            self._asked(model_name, self._chosen(form), names), model_name, label
        )

    @api.model
    def _render_boxes(self, purposes, model_name, label):
        """:param str model_name: what the form makes
        :param str label: where the form is, for the evidence
        :return: the HTML of the boxes of these consents, "" without any"""
        notices = [n for n in purposes._current_notices().values() if n]
        if not notices:
            return ""
        shown = self.env["consent.notice"].concat(*notices)
        lang = self.env.lang or "en_US"
        values = {
            **self._render_values(model_name, label, lang, shown),
            "box": BOX,
            "ticked": TICKED,
            "title": self.env._("Your consent"),
            "hint": self.env._(
                "You may leave each box open. A detail that you do not let us keep is "
                "not stored, and you may change your mind at any time."
            ),
        }
        return self.env["privacy.preferences.page"]._render_file(TEMPLATE, values)

    @api.model
    def _signup_boxes(self):
        """:return: the HTML of the boxes of the sign-up, "" without any"""
        if not self.env["privacy.gate"]._is_enabled():
            return ""
        asked = self._uses(CONTACTS).filtered("ask_at_signup")
        return self._render_boxes(asked, ACCOUNTS, self.env._("Sign-up"))

    @api.model
    def _chosen(self, form):
        """:return: ids of the consents that were chosen in the form builder"""
        try:
            chosen = json.loads(form.get(ATTRIBUTE) or "[]")
            return {int(one["id"]) for one in chosen}
        except (ValueError, TypeError, KeyError):
            return set()

    @api.model
    def _asked(self, model_name, chosen, field_names):
        """A form asks what was chosen for it, and for each value that it takes.

        :param set chosen: ids of consents
        :param set field_names: fields of the form
        :return: the consents, in order
        """
        person = model_name if self._is_subject(model_name) else CONTACTS
        uses = self._uses(person) | self._uses(CONTACTS)
        uses = uses.filtered(lambda purpose: purpose.id in chosen)
        data = self._data_purposes(model_name).filtered(
            lambda purpose: purpose.field_id.name in field_names
        )
        return (data | uses).sorted()

    @api.model
    def _uses(self, model_name):
        """:return: consents that need a yes first, other than about fields"""
        return (
            self.env["consent.purpose"]
            ._active_for(model_name)
            .filtered(lambda p: p.kind != "data" and p.default_selection == "no")
        )
