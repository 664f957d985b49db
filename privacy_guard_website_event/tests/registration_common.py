from lxml import html
from odoo.http import Request

from odoo.addons.privacy_guard_event.tests.event_common import EventCase
from odoo.addons.privacy_guard_website.models.privacy_web_form import FORM
from odoo.addons.privacy_guard_website.tests.web_form_common import WebFormCase


class RegistrationCase(EventCase, WebFormCase):
    """An event on the website, which asks for name, address and number, and a visitor
    who registers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newsletter.ask_at_events = True
        cls.event = cls.make_event(is_published=True, website_visibility="public")
        asked = {q.question_type: q for q in cls.event.question_ids}
        cls.questions = {name: asked[name].id for name in ("name", "email", "phone")}

    def modal(self, event=None, attendees=1):
        """:return: the form as the visitor gets it"""
        event = event or self.event
        self.authenticate(None, None)
        text = self.make_jsonrpc_request(
            f"/event/{event.id}/registration/new", {"nb_register-0": attendees}
        )
        return html.fromstring(text).xpath("//form")[0]

    def fields(self, *people):
        """:return: what filling in the questions posts"""
        fields = {}
        for number, person in enumerate(people, 1):
            fields[f"{number}-event_ticket_id"] = "0"
            for name, value in person.items():
                fields[f"{number}-{name}-{self.questions[name]}"] = value
        return fields

    def register_on_page(self, people, *ticked, event=None, **values):
        """:return: the answer to the visitor"""
        form = self.modal(event=event, attendees=len(people))
        token = form.xpath(f".//input[@name='{FORM}']/@value")
        data = {
            "csrf_token": Request.csrf_token(self),
            **({FORM: token[0]} if token else {}),
            **self.fields(*people),
            **self.boxes(*ticked),
            **values,
        }
        return self.url_open(f"/event/{self.event.id}/registration/confirm", data=data)

    def registrations(self):
        return self.event.registration_ids.sorted("id")
