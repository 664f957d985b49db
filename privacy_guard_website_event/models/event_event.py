from odoo import models

from odoo.addons.privacy_guard.extending import addresses


class EventEvent(models.Model):
    """The boxes of a registration speak for whoever fills it in: the first attendee.
    Nobody consents for somebody else."""

    _inherit = "event.event"

    def _privacy_form_key(self):
        """:return: what the registration of this event is signed as"""
        return f"{self._name},{self.id}"

    def _privacy_boxes(self):
        """:return: the HTML of the boxes of its registration, "" without any"""
        if not self.env["privacy.gate"]._is_enabled():
            return ""
        # superuser: the visitor reads what is published
        web_form = self.env["privacy.web.form"].sudo()
        uses = web_form._uses("res.partner").filtered("ask_at_events")
        asked = (self.sudo()._privacy_data_purposes() | uses).sorted()
        label = self.env._("Registration for %(event)s", event=self.sudo().name[:100])
        return web_form._render_boxes(asked, self._privacy_form_key(), label)

    def _privacy_data_purposes(self):
        """:return: consents without which answers to its questions are not taken: a
        registration asks what the contact is asked"""
        asked = set(self.question_ids.mapped("question_type"))
        purposes = self.env["privacy.web.form"]._data_purposes("res.partner")
        return purposes.filtered(lambda purpose: purpose.field_id.name in asked)

    def _privacy_leave_out(self, registrations, posted):
        """Take out what may not be stored: for the first attendee what is not ticked,
        for the others everything that needs a consent.

        :param list registrations: values, the first attendee first; changed
        :param posted: what was ticked
        :raise UserError: what was entered for an address is too long for one
        """
        for values in registrations:
            self.env["privacy.web.form"]._check_length(values.get("email"))
        needed = self._privacy_data_purposes()
        address = registrations and self._privacy_address(registrations[0])
        for number, values in enumerate(registrations):
            own = not number or (address and self._privacy_address(values) == address)
            refused = needed - posted.purposes if own else needed
            self._privacy_drop(values, set(refused.field_id.mapped("name")))

    def _privacy_address(self, values):
        return addresses.only(values.get("email"))

    def _privacy_drop(self, values, names):
        """:param names: of fields, which are also types of questions"""
        # an empty value, or Odoo would take that of the contact
        values.update({name: False for name in names})
        dropped = self.question_ids.filtered(lambda q: q.question_type in names)
        if dropped and values.get("registration_answer_ids"):
            values["registration_answer_ids"] = [
                command
                for command in values["registration_answer_ids"]
                if command[2]["question_id"] not in dropped.ids
            ]

    def _privacy_set_aside(self, registrations, posted):
        """Take out what needs a yes that waits for its confirmation.

        :param list registrations: values, the first attendee first; changed
        :return: dict of what the first one gets when it is confirmed
        """
        ticked = self._privacy_data_purposes() & posted.purposes
        names = set(ticked.field_id.mapped("name"))
        first = registrations[0] if registrations else {}
        waiting = {name: first[name] for name in names if first.get(name)}
        if number := waiting.get("phone"):
            # as Odoo stores what comes with a registration
            country = self.country_id or self.env.company.country_id
            shown = self.env["event.registration"]._phone_format(
                number=number, country=country
            )
            waiting["phone"] = shown or number
        for values in registrations:
            self._privacy_drop(values, names)
        return waiting

    def _privacy_take(self, registrations, posted, evidence, waiting):
        """Have the first attendee confirm by mail what was ticked, unless too many
        mails went there today: they are registered all the same.

        :param dict evidence: ip and user_agent
        :param dict waiting: values that the first one gets then
        :raise UserError: it is not one address
        """
        first, web_form = registrations[:1], self.env["privacy.web.form"]
        typed = (first.email or "").strip()
        web_form._check_answerable(typed, posted)
        address = web_form._one_address(typed)
        may_mail = self.env["privacy.mail.post"]._may_pass(address, evidence["ip"])
        web_form._take(
            first,
            address,
            True,
            posted,
            name=(first.name or "")[:100],
            evidence=evidence,
            waiting=waiting,
            may_mail=may_mail,
        )
