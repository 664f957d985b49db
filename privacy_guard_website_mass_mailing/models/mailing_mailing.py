from odoo import api, models
from werkzeug.datastructures import MultiDict

from odoo.addons.privacy_guard.extending import addresses


class MailingMailing(models.Model):
    """What somebody asks for by the link of a mailing is confirmed as a newsletter is:
    by the same mail, which goes out alike for all addresses."""

    _inherit = "mailing.mailing"

    @api.model
    def _privacy_ask_by_mail(self, address, lists, ip, *, unblock=False):
        super()._privacy_ask_by_mail(address, lists, ip, unblock=unblock)
        self._privacy_hold_wish(addresses.only(address), lists, ip, unblock)
        return self.env._(
            "We have sent you an e-mail. Please confirm your subscription in it."
        )

    @api.model
    def _privacy_hold_wish(self, address, lists, ip, unblock):
        # superuser: the visitor is no user
        lang = self.env.lang or "en_US"
        web_form = self.env["privacy.web.form"].sudo().with_context(lang=lang)
        posts = web_form.env["privacy.mail.post"]
        if not address or not (lists or unblock) or not posts._may_pass(address, ip):
            return
        if web_form._is_refused("res.partner", address):
            return
        more = {"list_ids": lists.ids, "subscriber": {}, "unblock": unblock}
        # no page has shown a text: they consent to nothing by it
        web_form._hold(
            address, {}, web_form._read(MultiDict(), "mailing.list"), more=more
        )
