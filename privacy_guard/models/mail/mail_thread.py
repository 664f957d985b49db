import re

from odoo import api, models
from odoo.tools import str2bool

from ...fields.mail_class import copies_of_post
from ...tools import addresses

# A reply whose whole subject is one word that people, and mail programs, use for it.
OBJECTION = re.compile(
    r"\s*(?:(?:re|aw|fwd?|wg|antw|sv)\s*:\s*)*(?:unsubscribe|stop)\s*[.!]?\s*",
    re.IGNORECASE,
)


class MailThread(models.AbstractModel):
    """Where posted messages become mail, and where mail comes in."""

    _inherit = "mail.thread"

    def _notify_thread_by_email(self, message, recipients_data, **kwargs):
        """The one place where a posted message becomes mail."""
        return super(MailThread, copies_of_post(self))._notify_thread_by_email(
            message, recipients_data, **kwargs
        )

    @api.model
    def message_route(self, message, message_dict, *args, **kwargs):
        # before it is clear where the mail belongs: it may belong nowhere
        self._privacy_note_objection(message, message_dict)
        return super().message_route(message, message_dict, *args, **kwargs)

    @api.model
    def _privacy_note_objection(self, message, message_dict):
        """Mail that says no more than *unsubscribe* or *STOP* is an objection: make a
        request for the officer (GDPR Art. 21). Anybody can write any sender into a
        mail, so that nothing happens before the officer has looked.

        :return: the requests, open ones from before among them
        """
        # superuser: the sender is no user
        requests = self.env["privacy.request"].sudo()
        if not self._privacy_is_objection(message, message_dict):
            return requests
        address = addresses.only(message_dict.get("email_from"))
        for persons in self.env["privacy.preferences.link"]._subjects_at(address):
            processed = persons.filtered(lambda p: p.privacy_status != "erased")
            requests |= requests._make(processed, "objection", "mail")
        return requests

    @api.model
    def _privacy_is_objection(self, message, message_dict):
        # superuser: a setting that says nothing secret
        parameters = self.env["ir.config_parameter"].sudo()
        return bool(
            str2bool(parameters.get_param("privacy_guard.reply_objects"), False)
            and OBJECTION.fullmatch(message_dict.get("subject") or "")
            and not message_dict.get("is_bounce")
            and message.get("Auto-Submitted", "no").lower() == "no"
        )
