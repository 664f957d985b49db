from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import parse_contact_from_email

from odoo.addons.privacy_guard.extending import is_id, is_text

MAILED = "mailing.contact"
TEMPLATE = "privacy_guard_website_mass_mailing/static/templates/newsletter_consent.xml"


class PrivacyWebForm(models.AbstractModel):
    """The newsletter block, and forms that subscribe. Whoever subscribes below the text
    of a consent says yes to it, and is on the list when they have confirmed it by mail
    (double opt-in)."""

    _inherit = "privacy.web.form"

    # ------------------------------------------------------------------
    # The block
    # ------------------------------------------------------------------

    @api.model
    def _newsletter(self, list_id):
        """:return: the HTML of what subscribing to a list consents to, "" where there
        is no such list"""
        mailing_list = self._newsletter_list(list_id)
        if not mailing_list:
            return ""
        purpose = mailing_list.privacy_purpose_id.filtered("active")
        shown = [n for n in purpose._current_notices().values() if n]
        notices = self.env["consent.notice"].concat(*shown)
        lang = self.env.lang or "en_US"
        label = self.env._("Newsletter %(name)s", name=mailing_list.name[:100])
        return self.env["privacy.preferences.page"]._render_file(
            TEMPLATE,
            {
                **self._render_values(
                    self._newsletter_key(list_id), label, lang, notices
                ),
                "list_id": mailing_list.id,
                "agreed": self.env._("By subscribing you agree to this."),
                "hint": self.env._(
                    "We send you an e-mail in which you confirm it. You may change "
                    "your mind at any time."
                ),
            },
        )

    @api.model
    def _newsletter_list(self, list_id):
        """:param list_id: what a visitor sent
        :return: the list, if visitors may subscribe to it"""
        lists = self.env["mailing.list"]
        if not is_id(list_id):
            return lists
        return lists.search([("id", "=", int(list_id)), ("is_public", "=", True)])

    @api.model
    def _newsletter_key(self, list_id):
        """:return: what the block of a list is signed as"""
        return f"mailing.list,{int(list_id)}"

    @api.model
    def _subscribe(self, list_id, value, token, ip):
        """Have somebody confirm by mail that they subscribe.

        :param list_id, value, token: what the visitor sent: the list, their address,
            and what the block showed them
        :param str ip: where it came from
        :raise UserError: the block did not show that, a text has been revised since, it
            is no address, or there were too many
        """
        mailing_list = self._newsletter_list(list_id)
        if not mailing_list or not is_text(value, token):
            raise UserError(self._strange())
        key = self._newsletter_key(list_id)
        posted = self._read_without_boxes(token, key)
        address = self._one_address(value)
        name, _email = parse_contact_from_email(value)
        self.env["privacy.mail.post"]._count(address, ip)
        if not self._is_refused("res.partner", address):
            self._hold_subscription(address, mailing_list.ids, posted, {"name": name})

    # ------------------------------------------------------------------
    # Forms that make a mailing contact
    # ------------------------------------------------------------------

    @api.model
    def _chosen(self, form):
        """Such a form asks the consents of the lists that it offers, too."""
        chosen = super()._chosen(form)
        if form.get("data-model_name") != MAILED:
            return chosen
        offered = form.xpath(".//input[@name='list_ids']/@value")
        lists = self.env["mailing.list"].browse(
            int(i) for i in offered if i.isdecimal()
        )
        return chosen | set(lists.exists().privacy_purpose_id.ids)

    @api.model
    def _may_wait(self, model_name):
        return model_name == MAILED or super()._may_wait(model_name)

    @api.model
    def _waits(self, model_name, address):
        """Known or not: nobody is subscribed by somebody else."""
        return model_name == MAILED or super()._waits(model_name, address)

    @api.model
    def _hold_form(self, model_name, address, values, posted, text):
        if model_name != MAILED:
            return super()._hold_form(model_name, address, values, posted, text)
        if not address:
            self._one_address("")
        own = {k: v for k, v in values.items() if k not in ("email", "list_ids")}
        commands = values.get("list_ids") or []
        list_ids = [id_ for command in commands for id_ in command[2]]
        return self._hold_subscription(address, list_ids, posted, own, text=text)

    @api.model
    def _hold_subscription(self, address, list_ids, posted, values, text=""):
        """:param list list_ids: what the person wants to get
        :param dict values: of a mailing contact, should they be none by then"""
        self._hold(
            address,
            {},
            posted,
            name=values.get("name") or "",
            text=text,
            more={"list_ids": list_ids, "subscriber": values},
        )
