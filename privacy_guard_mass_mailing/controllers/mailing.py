from odoo.addons.mass_mailing.controllers.main import MassMailController
from odoo.http import request, route
from werkzeug.exceptions import BadRequest, NotFound, Unauthorized

from odoo.addons.privacy_guard.extending import addresses, evidence, is_id, is_text


class MailingController(MassMailController):
    """Odoo's own pages withdraw consent, and only when somebody presses a button. By a
    link of a mailing one may say less at any time, and more by way of a mail alone."""

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
        """Leaving is done at once; joining, or coming back, waits for a mail: whoever
        has an old or forwarded newsletter has this link (IDN-6)."""
        ids = lists_optin_ids or []
        if not isinstance(ids, list) or not is_id(*ids):
            return "error"
        asked = (mailing_id, document_id, email, hash_token)
        if not request.env["privacy.gate"]._is_enabled():
            return super().mailing_update_list_subscription(*asked, ids, **post)
        if refusal := self._privacy_refusal(*asked):
            return refusal
        address = self._fetch_user_information(email, hash_token)[0]
        # superuser: the visitor is no user
        wanted = request.env["mailing.list"].sudo().browse(map(int, ids)).exists()
        lists = self._privacy_leave(address, wanted)
        member_of = self._fetch_contacts(address).subscription_ids
        more = (wanted - member_of.filtered(lambda s: not s.opt_out).list_id).filtered(
            lambda one: one.is_public or one in member_of.list_id
        )
        if not more:
            return len(lists)
        told = self._privacy_ask_by_mail(address, more)
        return {"result": len(lists), "privacy_told": told or ""}

    def _privacy_leave(self, address, wanted):
        """:param wanted: the lists that somebody stays on
        :return: those that they have left"""
        subscriptions = self._fetch_contacts(address).subscription_ids
        before = subscriptions.filtered(
            lambda s: not s.opt_out and s.list_id not in wanted
        )
        lists = before.list_id
        lists._update_subscription_from_email(address, opt_out=True)
        if purposes := lists.privacy_purpose_id:
            self._privacy_mailings()._privacy_refuse(
                address, evidence(), set(purposes.ids)
            )
        return lists

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
            self._privacy_mailings()._privacy_refuse(address, evidence())
        return result

    @route()
    def mail_blocklist_remove(
        self, mailing_id=None, document_id=None, email=None, hash_token=None
    ):
        """As joining a list: it waits for a mail."""
        asked = (mailing_id, document_id, email, hash_token)
        if not request.env["privacy.gate"]._is_enabled():
            return super().mail_blocklist_remove(*asked)
        if refusal := self._privacy_refusal(*asked):
            return refusal
        address = self._fetch_user_information(email, hash_token)[0]
        # superuser: as above
        none = request.env["mailing.list"].sudo()
        told = self._privacy_ask_by_mail(address, none, unblock=True)
        # the address is on the blocklist as before
        return {"result": "asked", "privacy_told": told} if told else "error"

    @route()
    def mailing_send_feedback(
        self,
        mailing_id=None,
        document_id=None,
        email=None,
        hash_token=None,
        last_action=None,
        opt_out_reason_id=False,
        feedback=None,
        **post,
    ):
        """Of who has stopped processing, nothing is noted any more."""
        asked = (mailing_id, document_id, email, hash_token)
        if not is_text(last_action, feedback) or not is_id(opt_out_reason_id or 0):
            return "error"
        reasons = self._fetch_subscription_optouts().ids
        if opt_out_reason_id and int(opt_out_reason_id) not in reasons:
            return "error"
        if refusal := self._privacy_refusal(*asked):
            return refusal
        address = addresses.only(self._fetch_user_information(email, hash_token)[0])
        gate = request.env["privacy.gate"]
        if address and gate._is_enabled() and gate._has_stopped(address):
            return True
        return super().mailing_send_feedback(
            *asked, last_action, opt_out_reason_id, feedback, **post
        )

    @route()
    def track_mail_open(self, mail_id, token, **post):
        if not token.isascii():
            raise Unauthorized()
        return super().track_mail_open(mail_id, token, **post)

    # ------------------------------------------------------------------
    # What these have in common
    # ------------------------------------------------------------------

    def _privacy_ask_by_mail(self, address, lists, *, unblock=False):
        """:return: what the visitor is told of it, None where nothing comes of it"""
        return self._privacy_mailings()._privacy_ask_by_mail(
            address, lists, evidence()["ip"], unblock=unblock
        )

    def _privacy_mailings(self):
        # superuser: the visitor acts for themself
        return request.env["mailing.mailing"].sudo()

    def _check_mailing_email_token(
        self, mailing_id, document_id, email, hash_token, required_mailing_id=False
    ):
        """What no page of ours holds is as wrong as any other token."""
        asked = (mailing_id, document_id, email, hash_token)
        if not self._privacy_is_well_formed(*asked) or not (hash_token or "").isascii():
            raise Unauthorized()
        mailing_id = mailing_id and int(mailing_id)
        return super()._check_mailing_email_token(
            mailing_id,
            document_id,
            email,
            hash_token,
            required_mailing_id=required_mailing_id,
        )

    def _privacy_refusal(self, mailing_id, document_id, email, hash_token):
        """:return: what core answers to what it refuses, None when it holds"""
        if not self._privacy_is_well_formed(mailing_id, document_id, email, hash_token):
            return "error"
        address, token = self._fetch_user_information(email, hash_token)
        try:
            self._check_mailing_email_token(mailing_id, document_id, address, token)
        except BadRequest:
            return "error"
        except (NotFound, Unauthorized):
            return "unauthorized"
        return None

    def _privacy_is_well_formed(self, mailing_id, document_id, email, hash_token):
        """:return: whether what was sent is of the types that the pages send"""
        ids = [id_ for id_ in (mailing_id, document_id) if id_]
        return is_id(*ids) and is_text(email or None, hash_token or None)
