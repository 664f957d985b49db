import json

from lxml import etree, html
from odoo.tests import tagged

from ..models.privacy_web_form import BOX, FORM, TICKED
from .web_form_common import PAGE, WebFormCase


@tagged("post_install", "-at_install")
class TestWebFormBoxes(WebFormCase):
    """ROL-4: what the visitor gets to see: from the server, without a script."""

    def shown(self, url=PAGE):
        """:return: {label: text} of the boxes of a page"""
        boxes = self.get_form(url).xpath(
            ".//div[contains(@class, 's_privacy_consent')]"
        )
        return {
            box.findtext("label"): box.xpath("./p")[0].text_content() for box in boxes
        }

    def test_the_form_asks_what_was_chosen_and_what_it_takes(self):
        self.assertEqual(
            self.shown(),
            {
                "Newsletter": "May we send you our newsletter?",
                "Keep phone": "May we keep your phone?",
            },
        )

    def test_nothing_is_ticked_or_required(self):
        form = self.get_form()
        boxes = form.xpath(".//fieldset//input[@type='checkbox']")
        self.assertEqual(len(boxes), 2)
        for box in boxes:
            self.assertFalse({"checked", "required"} & set(box.attrib))
            # each has a label, and a text that screen readers read with it
            self.assertTrue(form.xpath(f".//label[@for='{box.get('id')}']"))
            self.assertTrue(form.xpath(f".//*[@id='{box.get('aria-describedby')}']"))

    def test_nothing_else_answers_for_the_visitor(self):
        """What a designer has put into the form in the name of a box."""
        name = f"{BOX}{self.newsletter.notice_ids[:1].id}"
        view = self.page.view_id
        at_button = '<div class="col-12 s_website_form_submit'
        genuine = view.arch_db
        for place, attributes in (
            (at_button, f'name="{name}"'),
            (at_button, f't-attf-name="{name}"'),
            (at_button, f'name="{name.replace("_", "&#95;")}"'),
            # outside, a field names its form
            ("<section", f'form="own" name="{name}"'),
        ):
            with self.subTest(attributes=attributes):
                field = f'<input type="hidden" {attributes} value="{TICKED}"/>'
                view.arch_db = genuine.replace(place, f"{field}{place}", 1)
                page = self.get_form().getroottree()
                [box] = page.xpath(f"//input[@name='{name}']")
                self.assertEqual(box.get("type"), "checkbox")

    def test_no_view_holds_the_boxes(self):
        views = self.env["ir.ui.view"].search([("key", "=like", "privacy_guard_web%")])
        self.assertTrue(views)
        for view in views:
            self.assertNotIn("ticked", view.arch_db)
            self.assertNotIn("s_privacy_consent_text", view.arch_db)

    def test_boxes_stand_before_the_button(self):
        order = [
            "boxes" if "s_privacy_consents" in (el.get("class") or "") else "button"
            for el in self.get_form().iter()
            if {"s_privacy_consents", "s_website_form_submit"}
            & set((el.get("class") or "").split())
        ]
        self.assertEqual(order, ["boxes", "button"])

    def test_a_published_text_shows_at_once(self):
        self.shown()  # pages are cached
        self.newsletter.text = "May we write to you <b>weekly</b>?"
        self.assertIn("May we send you our newsletter?", self.shown().values())
        self.newsletter._publish()
        self.assertIn("May we write to you <b>weekly</b>?", self.shown().values())

    def test_in_the_language_of_the_visitor(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        french = self.env["res.lang"]._lang_get("fr_FR")
        self.env["website"].search([]).language_ids |= french
        self.newsletter.with_context(lang="fr_FR").text = "Voulez-vous la lettre ?"
        self.newsletter._publish()
        self.assertIn("Voulez-vous la lettre ?", self.shown(f"/fr{PAGE}").values())
        self.opener.cookies.clear()  # which hold the language
        self.assertIn("May we send you our newsletter?", self.shown().values())
        self.opener.cookies.clear()
        # and that version is what is recorded
        token = self.token(f"/fr{PAGE}")
        notice = self.newsletter.with_context(lang="fr_FR")._current_notices()
        notice = notice[self.newsletter.id]
        values = {"name": "Ann", "email": "ann@example.com"}
        data = {**values, FORM: token, f"privacy_consent_{notice.id}": "yes"}
        self.assertEqual(self.send(data), {"id": True})
        event = self.events(self.contact("ann@example.com"), self.newsletter)[-1]
        self.assertEqual(event.notice_id, notice)
        self.assertEqual(notice.lang, "fr_FR")

    def test_what_is_switched_off_unpublished_or_opt_out_is_not_asked(self):
        draft = self.env["consent.purpose"].create({"name": "Draft", "text": "x"})
        off = self.make_purpose(name="Off", active=False)
        opt_out = self.make_purpose(
            name="Opt-out", default_selection="yes", legal_basis="legitimate_interests"
        )
        self.make_page("Other", draft, off, opt_out, url="/other")
        self.assertEqual(list(self.shown("/other")), ["Keep phone"])

    def test_boxes_that_the_editor_saved_are_replaced(self):
        form = html.tostring(self.get_form(), encoding="unicode")
        boxes = form[form.index("<fieldset") : form.index("</fieldset>") + 11]
        boxes = boxes.replace("May we send you our newsletter?", "Old text")
        arch = self.page.view_id.arch.replace(
            '<div class="col-12 s_website_form_submit',
            self.xml(boxes) + '<div class="col-12 s_website_form_submit',
        )
        self.page.view_id.arch = arch
        self.assertEqual(len(self.get_form().xpath(".//fieldset")), 1)
        self.assertNotIn("Old text", self.shown().values())

    def xml(self, fragment):
        return etree.tostring(html.fragment_fromstring(fragment), encoding="unicode")

    def test_forms_in_fields_of_records_have_boxes_too(self):
        chosen = json.dumps([{"id": self.newsletter.id}])
        fields = self.env["ir.qweb.field.html"]
        shown = fields.value_to_html(self.form_html(chosen, "res.partner"), {})
        self.assertIn("May we send you our newsletter?", shown)
        self.assertNotIn("newsletter", fields.value_to_html("<p>form</p>", {}))

    def test_garbage_in_the_option_asks_nothing(self):
        for chosen in ("x", "5", "[5]", '[{"id": "x"}]', '{"id": 1}', "null"):
            with self.subTest(chosen=chosen):
                form = html.fromstring(self.form_html(chosen, "res.partner"))
                form = form.xpath("//form")[0]
                self.assertEqual(self.env["privacy.web.form"]._chosen(form), set())
