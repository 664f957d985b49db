from odoo.addons.mass_mailing.controllers.main import MassMailController
from odoo.http import request, route

from odoo.addons.privacy_guard.extending import evidence, is_id, is_text


class MailingController(MassMailController):
    """Odoo's own pages withdraw consent, and only when somebody presses a button."""

    @route()
    def mailing_unsubscribe(
        self, mailing_id, document_id=None, email=None, hash_token=None, **post
    ):
        """Opening a link changes nothing: mail scanners follow links."""
        is_press = request.httprequest.method == "POST"
        if is_press or not request.env["privacy.gate"]._is_enabled():
            return super().mailing_unsubscribe(
                mailing_id, document_id=document_id, email=email, hash_token=hash_token
            )
        email_found, token_found = self._fetch_user_information(email, hash_token)
        confirmation = self.mailing_confirm_unsubscribe(
            mailing_id, document_id=document_id, email=email, hash_token=hash_token
        )
        mailing = request.env["mailing.mailing"].sudo().browse(mailing_id)
        if not self._privacy_has_unsubscribed(mailing, email_found):
            return confirmation
        values = self._prepare_mailing_subscription_values(
            mailing, document_id, email_found, token_found
        )
        return request.render("mass_mailing.page_mailing_unsubscribe", values)

    def _privacy_has_unsubscribed(self, mailing, email):
        """:return: whether there is nothing left to unsubscribe from"""
        if mailing.mailing_on_mailing_list:
            subscriptions = self._fetch_contacts(email).subscription_ids
            mine = subscriptions.filtered(
                lambda s: s.list_id in mailing.contact_list_ids
            )
            return all(mine.mapped("opt_out"))
        return bool(self._fetch_blocklist_record(email).filtered("active"))

    def _prepare_mailing_subscription_values(
        self, mailing, document_id, email, hash_token
    ):
        """Who has left may want less instead of none (PRF-1)."""
        values = super()._prepare_mailing_subscription_values(
            mailing, document_id, email, hash_token
        )
        page = request.env["privacy.preferences.page"]
        return {
            **values,
            "privacy_less_url": mailing._privacy_less_url(email),
            "privacy_less_text": page._less_question(),
        }

    def _mailing_unsubscribe_from_list(self, mailing, document_id, email, hash_token):
        mailing._privacy_withdraw(email, evidence())
        return super()._mailing_unsubscribe_from_list(
            mailing, document_id, email, hash_token
        )

    def _mailing_unsubscribe_from_document(
        self, mailing, document_id, email, hash_token
    ):
        mailing._privacy_withdraw(email, evidence())
        return super()._mailing_unsubscribe_from_document(
            mailing, document_id, email, hash_token
        )

    @route()
    def mailing_update_list_subscription(
        self,
        mailing_id=None,
        document_id=None,
        email=None,
        hash_token=None,
        lists_optin_ids=None,
        **post,
    ):
        ids = lists_optin_ids or []
        if not isinstance(ids, list) or not is_id(*ids):
            return "error"
        if not self._privacy_is_well_formed(mailing_id, document_id, email, hash_token):
            return "error"
        address = self._fetch_user_information(email, hash_token)[0]
        subscriptions = self._fetch_contacts(address).subscription_ids
        before = subscriptions.filtered(lambda s: not s.opt_out)
        result = super().mailing_update_list_subscription(
            mailing_id=mailing_id,
            document_id=document_id,
            email=email,
            hash_token=hash_token,
            lists_optin_ids=lists_optin_ids,
            **post,
        )
        left = before.filtered("opt_out").list_id.privacy_purpose_id
        if left:
            mailings = request.env["mailing.mailing"].sudo()
            mailings._privacy_refuse(address, evidence(), set(left.ids))
        return result

    @route()
    def mail_blocklist_add(
        self, mailing_id=None, document_id=None, email=None, hash_token=None
    ):
        if not self._privacy_is_well_formed(mailing_id, document_id, email, hash_token):
            return "error"
        result = super().mail_blocklist_add(
            mailing_id=mailing_id,
            document_id=document_id,
            email=email,
            hash_token=hash_token,
        )
        if result is True:
            address = self._fetch_user_information(email, hash_token)[0]
            mailings = request.env["mailing.mailing"].sudo()
            mailings._privacy_refuse(address, evidence())
        return result

    def _privacy_is_well_formed(self, mailing_id, document_id, email, hash_token):
        """:return: whether what was sent as JSON is of the types that the pages send:
        core answers "error" to what it refuses"""
        ids = [id_ for id_ in (mailing_id, document_id) if id_]
        return is_id(*ids) and is_text(email or None, hash_token or None)
