from itertools import takewhile

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import urls

from ..evidence.consent_event import OWN
from .privacy_preferences_link import FORMER_ADDRESS

# how somebody says no themself
OWN_NO = (*OWN, "sms", "complaint")


class ConsentSubjectMixin(models.AbstractModel):
    """Personal links of a person, their receipt, and what they are told of answers."""

    _inherit = "consent.subject.mixin"

    def _privacy_preferences_url(self, company=None):
        """The personal link to the preferences page.

        Made when a mail leaves and never stored: whoever has it may answer.

        :param company: the one that writes, here as in what follows; by default the one
            that the person deals with
        :return: absolute URL, "" when the person has no address
        """
        return self._privacy_personal_url("/privacy/", "preferences", company)

    def _privacy_one_click_url(self, purposes=None, company=None):
        """The RFC 8058 unsubscription.

        :param purposes: ``consent.purpose`` that it withdraws, and no others; without
            them it withdraws everything about e-mail, the e-mail opt-in included
        :return: absolute URL, "" without address
        """
        path, use = "/privacy/one-click/", "one_click"
        if purposes:
            ids = "-".join(map(str, sorted(purposes.ids)))
            path, use = f"{path}{ids}/", f"{use}.{ids}"
        return self._privacy_personal_url(path, use, company)

    def _privacy_address_url(self, company=None):
        """The page that confirms a new address, for who reads the former one.

        :return: absolute URL, "" where no address is unproven
        """
        return self._privacy_personal_url("/privacy/address/", FORMER_ADDRESS, company)

    def _privacy_why_url(self, event_id, company=None):
        """The page that says what marketing rests on (EVI-5). It shows a text and a
        date, and can only refuse.

        :param int event_id: of a ``consent.event`` of this person
        :return: absolute URL, "" without address
        """
        path = f"/privacy/why/{event_id}/"
        return self._privacy_personal_url(path, f"why.{event_id}", company)

    def _privacy_personal_url(self, path, purpose, company=None):
        """:param str path: of the page, up to the token
        :param str purpose: what the link is signed for
        :param company: as of :meth:`_privacy_preferences_url`
        :return: absolute URL on the domain of the company, "" without address"""
        self.ensure_one()
        token = self.env["privacy.preferences.link"]._token(self, purpose)
        if not token:
            return ""
        company = company or self._privacy_company()
        return urls.urljoin(company._privacy_base_url(self), path + token)

    def _consent_record_answers(self, answers, *, source, **how):
        """Whoever has said no themself is told when somebody else records their yes."""
        granted = {id_ for id_, value in answers.items() if value == "granted"}
        turned = self._consent_own_no(granted) if how.get("user_id") and granted else {}
        recorded = super()._consent_record_answers(answers, source=source, **how)
        self._consent_tell_turned(turned)
        return recorded

    def _consent_own_no(self, purpose_ids):
        """:param purpose_ids: of what is to be granted
        :return: {id: set of the ids of those that the person has refused themself},
            whether or not somebody else has noted their no once more"""
        refused = self._consent_applying().filtered(
            lambda record: (
                record.purpose_id.id in purpose_ids and record.answer == "refused"
            )
        )
        chains = self.env["consent.receipt"]._chains(refused) if refused else {}
        turned = {}
        for record, chain in chains.items():
            said = chain.filtered(lambda event: event.kind in ("answer", "merge"))
            noes = takewhile(lambda event: event.value_to == "refused", reversed(said))
            if any(event._given().source in OWN_NO for event in noes):
                turned.setdefault(record.res_id, set()).add(record.purpose_id.id)
        return turned

    def _consent_tell_turned(self, turned):
        """:param dict turned: of :meth:`_consent_own_no`, of what has been granted"""
        # superuser: the mail is the person's, who has said no
        for subject in self.sudo().filtered(lambda subject: subject.id in turned):
            lang = subject._privacy_own_lang() or self.env.lang
            page = self.env["privacy.preferences.page"].with_context(lang=lang)
            lines = page._recorded([subject], turned[subject.id])
            page._send_confirmation(subject, [subject], lines)

    def _consent_applying(self):
        """:return: ``consent.record`` of what applies to these persons now, as
        superuser, in the order in which consents are shown"""
        # superuser: the page is the person's, whichever user serves it
        records = (
            self.env["consent.record"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("value", "!=", "not_applicable"),
                    ("purpose_id.active", "=", True),
                ]
            )
        )
        return records.sorted(lambda r: (r.purpose_id.sequence, r.purpose_id.id, r.id))

    def _privacy_consents(self):
        """:return: ``consent.record`` of all that was ever asked of these persons,
        whether or not it applies now, with the rights of the user"""
        records = self.env["consent.record"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )
        return records.sorted(lambda r: (r.purpose_id.sequence, r.purpose_id.id, r.id))

    def action_privacy_receipt(self):
        """Download the person's receipt, to read and for programs.

        :raise AccessError: for anybody but a privacy officer who may read the person
        :raise UserError: nothing was ever asked of them
        """
        return self._privacy_evidence().action_receipt()

    def action_privacy_proof(self):
        """Make the proof pack of all that the person was ever asked (EVI-4).

        :raise AccessError, UserError: as above
        """
        return self._privacy_evidence().action_proof_pack()

    def _privacy_evidence(self):
        """:return: as :meth:`_privacy_consents`, for an officer, and not empty"""
        self.env["consent.event"]._check_officer()
        self.check_access("read")
        consents = self._privacy_consents()
        if not consents:
            raise UserError(self.env._("No consent ever applied to this person."))
        return consents
