from odoo.addons.website_mass_mailing.controllers.main import MassMailController
from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.privacy_guard.extending import evidence, is_id


class NewsletterController(MassMailController):
    """The newsletter block subscribes nobody who has not confirmed it by mail."""

    @route()
    def is_subscriber(self, list_id, subscription_type, **post):
        """Show what subscribing consents to."""
        if not request.env["privacy.gate"]._is_enabled():
            return super().is_subscriber(list_id, subscription_type, **post)
        if not is_id(list_id):
            raise UserError(self._privacy_web_form()._strange())
        # whoever typed an address before must not learn whether it is subscribed
        request.session.pop("mass_mailing_email", None)
        result = super().is_subscriber(list_id, subscription_type, **post)
        if subscription_type == "email":
            result["privacy_consent"] = self._privacy_web_form()._newsletter(list_id)
        return result

    @route()
    def subscribe(self, list_id, value, subscription_type, **post):
        """The answer is the same for every address."""
        if not request.env["privacy.gate"]._is_enabled():
            return super().subscribe(list_id, value, subscription_type, **post)
        try:
            request.env["ir.http"]._verify_request_recaptcha_token(
                "website_mass_mailing_subscribe"
            )
            if subscription_type != "email":
                raise UserError(
                    request.env._(
                        "We could not ask you to confirm a telephone number. Please "
                        "subscribe with your e-mail address."
                    )
                )
            self._privacy_web_form()._subscribe(
                list_id, value, post.get("privacy_form"), evidence()["ip"]
            )
        except UserError as error:
            return {"toast_type": "danger", "toast_content": str(error)}
        return {
            "toast_type": "success",
            "toast_content": request.env._(
                "We have sent you an e-mail. Please confirm your subscription in it."
            ),
        }

    def _privacy_web_form(self):
        # superuser: the visitor acts for themself, not for the user that the website
        # runs as
        return request.env["privacy.web.form"].sudo()
