from odoo.addons.mail.controllers.thread import ThreadController
from odoo.http import request
from odoo.tools.mail import parse_contact_from_email


class PrivacyThreadController(ThreadController):
    """Answering somebody whose contact the user does not find."""

    def _prepare_message_data(self, post_data, *, thread, **kwargs):
        """Core makes a contact of an address that the user answers; where it cannot,
        because there is one, the message goes to the bare address."""
        values = super()._prepare_message_data(post_data, thread=thread, **kwargs)
        emails = post_data.get("partner_emails")
        # as core: who may make no contact reaches only those who are one
        if (
            emails
            and kwargs.get("from_create")
            and request.env.user.has_group("base.group_partner_manager")
        ):
            addresses = [parse_contact_from_email(email)[1] for email in emails]
            hidden = request.env["res.partner"]._privacy_hidden_addresses(addresses)
            values["outgoing_email_to"] = ", ".join(sorted(hidden))
        return values
