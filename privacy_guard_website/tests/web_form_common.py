import json

from lxml import html
from odoo.addons.mail.tests.common import MailCase
from odoo.tests import HttpCase

from odoo.addons.privacy_guard.tests.common import PrivacyCommon

from ..models.privacy_web_form import BOX, FORM

PAGE = "/form-page"
FIELDS = {"name": "Name", "email": "E-mail", "phone": "Phone", "function": "Job"}


class WebFormCase(PrivacyCommon, MailCase, HttpCase):
    """A website with a form that makes contacts, and a visitor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter = cls.make_purpose(covers_email=True)
        cls.birthday = cls.make_purpose(
            name="Birthday card", text="May we send you a card?"
        )
        cls.phone = cls.make_data_purpose("phone")
        cls.contacts = cls.env["ir.model"]._get("res.partner")
        cls.contacts.website_form_access = True
        cls.env["ir.model.fields"].formbuilder_whitelist("res.partner", list(FIELDS))
        cls.page = cls.make_page("Write to us", cls.newsletter)

    @classmethod
    def make_page(cls, name, *purposes, model="res.partner", url=PAGE):
        """:return: a published page with a form that asks for these consents"""
        chosen = json.dumps([{"id": purpose.id} for purpose in purposes])
        view = cls.env["ir.ui.view"].create(
            {
                "name": name,
                "type": "qweb",
                "key": f"privacy_guard_website.test_{url.strip('/')}",
                "arch": f"""
                    <t t-call="website.layout">
                        <div id="wrap" class="oe_structure oe_empty">
                            {cls.form_html(chosen, model)}
                        </div>
                    </t>
                """,
            }
        )
        return cls.env["website.page"].create(
            {"view_id": view.id, "url": url, "is_published": True}
        )

    @classmethod
    def form_html(cls, chosen, model):
        rows = "".join(
            f"""
            <div class="col-12 s_website_form_field mb-3" data-type="char">
                <label class="s_website_form_label" for="f_{name}">
                    <span class="s_website_form_label_content">{label}</span>
                </label>
                <input id="f_{name}" name="{name}" type="text"
                       class="form-control s_website_form_input"/>
            </div>
            """
            for name, label in FIELDS.items()
        )
        return f"""
            <section class="s_website_form" data-snippet="s_website_form"
                     data-name="Form" data-vcss="001">
                <div class="container">
                    <form action="/website/form/" method="post" class="o_mark_required"
                          enctype="multipart/form-data" data-mark="*"
                          data-pre-fill="false" data-success-mode="message"
                          data-model_name="{model}"
                          data-privacy-purposes='{chosen}'>
                        <div class="s_website_form_rows row">
                            {rows}
                            <div class="col-12 s_website_form_submit mb-3">
                                <a href="#" role="button"
                                   class="btn btn-primary s_website_form_send">Send</a>
                                <span id="s_website_form_result"/>
                            </div>
                        </div>
                    </form>
                    <div class="s_website_form_end_message d-none">
                        <p class="the-end">Thank you</p>
                    </div>
                </div>
            </section>
        """

    def get_form(self, url=PAGE):
        """:return: the form of a page as the visitor gets it"""
        page = html.fromstring(self.url_open(url).content)
        return page.xpath("//form[contains(@action, '/website/form/')]")[0]

    def token(self, url=PAGE):
        return self.get_form(url).xpath(f".//input[@name='{FORM}']/@value")[0]

    def boxes(self, *purposes):
        """:return: what ticking the boxes posts"""
        notices = [purpose._current_notices()[purpose.id] for purpose in purposes]
        return {f"{BOX}{notice.id}": "yes" for notice in notices}

    def post(self, values, *ticked, token=None, model="res.partner", url=PAGE):
        """Fill in the form, tick, send.

        :return: the answer to the visitor
        """
        self.authenticate(None, None)
        data = {**values, FORM: token or self.token(url), **self.boxes(*ticked)}
        return self.send(data, model)

    def send(self, data, model="res.partner"):
        response = self.url_open(f"/website/form/{model}", data=data)
        self.assertEqual(response.status_code, 200)
        return json.loads(response.text)

    def contact(self, address):
        return self.env["res.partner"].search([("email_normalized", "=", address)])

    def pending(self, address):
        return self.env["privacy.web.form.pending"].search([("email", "=", address)])

    def mail(self, address):
        """:return: the mails that wait for an address in text"""
        return self.env["mail.mail"].search([("email_to", "=", address)])

    def rows(self):
        """:return: what must not change when nothing may happen"""
        names = (
            "res.partner",
            "consent.event",
            "consent.evidence",
            "mail.mail",
            "privacy.web.form.pending",
            "privacy.mail.post",
        )
        return [self.env[name].search_count([]) for name in names]

    def erase(self, person):
        """Have an officer erase somebody."""
        officer = self.make_user(
            "eraser",
            groups="privacy_guard.group_privacy_officer,base.group_partner_manager",
        )
        action = person.with_user(officer).action_erase_personal_data()
        self.env["privacy.erase"].with_user(officer).create(
            {
                "erasure_id": action["res_id"],
                "reason": "A letter",
                "confirmation": "ERASE",
            }
        ).action_erase()
        with self.enter_registry_test_mode():
            self.env.ref("privacy_guard.ir_cron_erasures").method_direct_trigger()
        self.env.invalidate_all()
