from odoo.addons.website_event.controllers.main import WebsiteEventController
from odoo.http import request, route
from werkzeug.exceptions import BadRequest

from odoo.addons.privacy_guard.extending import evidence, is_id

# What core reads of a registration, and takes for a number if it is about no question.
NUMBERS = frozenset({"event_ticket_id", "event_slot_id", "event_id", "partner_id"})
TEXTS = frozenset({"name", "email", "phone", "company_name"})
# Registrations that were made in a session: it may see them again.
OWN = "privacy_event_registrations"


class EventRegistrationController(WebsiteEventController):
    """Registering for an event asks for consent as a form does."""

    def _process_attendees_form(self, event, form_details):
        """Leave out what nobody consented to our keeping, and contacts that are not the
        visitor's own: the page would show their names, known by nothing but an id."""
        self._privacy_check_form(event, form_details)
        registrations = super()._process_attendees_form(event, form_details)
        # superuser: as below
        slots = {False, *event.sudo().event_slot_ids.ids}
        for values in registrations:
            if "event_ticket_id" not in values:
                raise BadRequest()
            if values.get("event_slot_id", False) not in slots:
                raise BadRequest()
        own = self._privacy_own_contact_id()
        for values in registrations:
            if "partner_id" in values and values["partner_id"] != own:
                del values["partner_id"]
        posted = self._privacy_posted(event)
        if posted is not None:
            # superuser: consents and questions are not the visitor's to read
            event.sudo()._privacy_leave_out(registrations, posted)
        return registrations

    def _privacy_check_form(self, event, form_details):
        """Core takes for granted what its own page holds.

        :raise BadRequest: the page did not hold it
        """
        # superuser: as below
        questions = {str(q.id): q for q in event.sudo().question_ids}
        for key, value in form_details.items():
            index, *rest = key.split("-")
            is_ticket = "event_ticket_id" in key
            if is_ticket or (value and len(rest) == 1 and rest[0] in NUMBERS | TEXTS):
                is_number = len(rest) == 1 and rest[0] in NUMBERS
                fine = is_number and is_id(index) and is_id(value)
            elif value and len(rest) == 2:
                fine = is_id(index) and self._privacy_is_answer(questions, *rest, value)
            else:
                continue
            if not fine:
                raise BadRequest()

    def _privacy_is_answer(self, questions, kind, question_id, value):
        """:param dict questions: {id as text: question of the event}"""
        if not (question := questions.get(question_id)):
            return False
        if kind != "simple_choice":
            return True
        return is_id(value) and int(value) in question.answer_ids.ids

    def _create_attendees_from_registration_post(self, event, registration_data):
        """The answers wait until the person confirms them by mail, and so does what
        they are about; the registration does not."""
        posted, waiting = self._privacy_posted(event), {}
        if posted is not None and posted.notices:
            # superuser: as above
            waiting = event.sudo()._privacy_set_aside(registration_data, posted)
        attendees = super()._create_attendees_from_registration_post(
            event, registration_data
        )
        request.session[OWN] = attendees.ids
        if posted is not None and posted.notices:
            # superuser: as above
            event.sudo()._privacy_take(attendees, posted, evidence(), waiting)
        return attendees

    @route()
    def event_registration_success(self, event, registration_ids):
        """Visits of people who are not tracked are not tied to their registration: the
        session knows what it has registered."""
        ids = {int(id_) for id_ in registration_ids.split(",") if is_id(id_)}
        # superuser: the visitor sees what they have just entered
        attendees = request.env["event.registration"].sudo()
        attendees = attendees.search(
            [
                ("id", "in", [i for i in request.session.get(OWN, []) if i in ids]),
                ("event_id", "=", event.id),
            ]
        )
        if not attendees:
            known = ",".join(map(str, sorted(ids))) or "0"
            return super().event_registration_success(event, known)
        values = self._get_registration_confirm_values(event, attendees)
        return request.render("website_event.registration_complete", values)

    def _privacy_own_contact_id(self):
        """:return: id of the contact of whoever is logged in, else None"""
        user = request.env.user
        return None if user._is_public() else user.partner_id.id

    def _privacy_posted(self, event):
        """:return: what was ticked, None while consents are off"""
        if not request.env["privacy.gate"]._is_enabled():
            return None
        # superuser: the visitor acts for themself
        web_form = request.env["privacy.web.form"].sudo()
        return web_form._read(request.httprequest.form, event._privacy_form_key())
