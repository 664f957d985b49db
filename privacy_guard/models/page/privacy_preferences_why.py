from urllib.parse import urlsplit

from odoo import api, models
from odoo.fields import Domain


class PrivacyPreferencesPage(models.AbstractModel):
    """Why do I get this? What marketing rested on when it was sent (EVI-5)."""

    _inherit = "privacy.preferences.page"

    @api.model
    def _why(self, subject, event_id):
        """
        :param subject: whose link it is, as superuser
        :param int event_id: of the ``consent.event`` that a mail rests on
        :return: what the page shows; None when the event is not about them
        """
        # superuser: it is about whoever holds the link
        event = self.env["consent.event"].sudo().browse(event_id).exists()
        if (event.res_model, event.res_id) != (subject._name, subject.id):
            return None
        said = self._said_until(event)
        notice, purpose = (said or self._shown_until(event)).notice_id, event.purpose_id
        lang = notice.lang or self.env.lang
        recorded = self._why_recorded(subject, said)
        return {
            "name": notice.name or purpose.name,
            "text": notice.text,
            # "lang" is what Odoo renders the page in
            "text_lang": self._html_lang(lang),
            "text_direction": self._direction(lang),
            "was_shown": not recorded,
            "reason": recorded
            or self._why_agreed(subject, said)
            or self._why_implied(subject, event)
            or self._why_allowed(notice or purpose),
            # as the page in our own address shows it
            "url": urlsplit(subject._privacy_one_click_url(purpose)).path,
            "is_over": self._is_refused(subject, purpose),
        }

    @api.model
    def _why_recorded(self, subject, said):
        """:return: how a yes came about that the person did not give here"""
        company = self._company([subject]).name
        return said and said._given()._recorded(company, [subject])

    @api.model
    def _why_agreed(self, subject, said):
        moment = said and self._moment(said.answered_at or said.date, [subject])
        return moment and self.env._("You agreed to this on %s.", moment)

    @api.model
    def _why_implied(self, subject, event):
        """TIM-3: a relationship, and until when."""
        implied = self._implied_at(event, [subject])
        return implied and f"{implied} {self._why_allowed(event.purpose_id)}"

    @api.model
    def _why_allowed(self, notice):
        basis = self._legal_basis(notice)
        return self.env._("We rely on: %s. You may object at any time.", basis)

    @api.model
    def _said_until(self, event):
        """:return: the event with which the person said yes, as long as it stood when
        an event came about"""
        said = Domain("kind", "in", ["answer", "merge"]) & Domain(
            "value_to", "=", "granted"
        )
        stood = event.value_to == "granted"
        return self._last_until(event, said if stood else Domain.FALSE)

    @api.model
    def _shown_until(self, event):
        """:return: the event that names the text that was shown last"""
        return self._last_until(event, Domain("notice_id", "!=", False))

    @api.model
    def _last_until(self, event, domain):
        chain = Domain.AND(
            Domain(name, "=", event[name]) for name in ("res_model", "res_id")
        )
        chain &= Domain("purpose_id", "=", event.purpose_id.id)
        chain &= Domain("sequence", "<=", event.sequence)
        return event.search(chain & domain, order="sequence desc", limit=1)

    @api.model
    def _is_refused(self, subject, purpose):
        """:return: whether nobody with the address still allows it"""
        everybody = self.env["privacy.preferences.link"]._subjects(subject)
        return not any(self._not_refused(people, {purpose.id}) for people in everybody)
