from odoo import api, models


class MailingMailing(models.Model):
    """Who unsubscribes from a mailing objects (GDPR Art. 7(3), 21(2)), and may come
    back with the same proof."""

    _inherit = "mailing.mailing"

    def _privacy_withdraw(self, address, evidence):
        """The person unsubscribed on Odoo's own page (GDPR Art. 7(3), 21(2)).

        :param str address: the one that the mailing was sent to
        :param dict evidence: ip and user_agent
        """
        if purposes := self._privacy_purposes():
            self._privacy_refuse(address, evidence, set(purposes.ids))

    def _privacy_purposes(self):
        """:return: the consents of these mailings and of their lists"""
        return self.privacy_purpose_id | self.contact_list_ids.privacy_purpose_id

    def _privacy_less_url(self, address):
        """Where who has left is offered less instead of none (PRF-1): a link withdraws
        what they have withdrawn, and nothing else.

        :param str address: as of :meth:`_privacy_withdraw`
        :return: absolute URL, "" where there is nothing to choose
        """
        # superuser: it is for whoever has left
        purposes = self.sudo()._privacy_purposes()
        offered = self.env["privacy.gate"]._is_enabled() and (
            purposes._privacy_about_messages() and self._privacy_subjects_at(address)
        )
        if not offered:
            return ""
        company = self._privacy_company()
        return offered[0][0]._privacy_one_click_url(purposes, company)

    @api.model
    def _privacy_refuse(self, address, evidence, purpose_ids=None):
        """:param purpose_ids: nothing but these; everything about e-mail by default"""
        gate = self.env["privacy.gate"]
        subjects = gate._is_enabled() and self._privacy_subjects_at(address)
        if not subjects:
            return
        page = self.env["privacy.preferences.page"]
        page._refuse_email(subjects, evidence=evidence, purpose_ids=purpose_ids)
        for persons in subjects if purpose_ids is None else ():
            persons._privacy_opt_out_by_contact()

    @api.model
    def _privacy_subjects_at(self, address):
        """:return: list of recordsets of the people whom a mailing reaches there"""
        normalised = self.env["privacy.gate"]._mail_addresses([address]).get(address)
        return self.env["privacy.preferences.link"]._subjects_at(normalised)

    @api.model
    def _privacy_ask_by_mail(self, address, lists, ip, *, unblock=False):
        """Have somebody confirm by mail that they want more than they get: the way
        back needs the proof of the way in (IDN-6). Where no add-on can mail the link,
        nothing comes of it.

        :param str address: of whoever is to confirm it
        :param lists: ``mailing.list`` to join, or to come back to
        :param str ip: where it came from, for what is counted
        :param bool unblock: whether the address is to leave the blocklist
        :return: what they are told, the same for all addresses; None where nothing
            comes of it
        """
        return None
