import logging
import re

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError
from odoo.tools import str2bool

from ...background import mail_gateway
from ...constants import AUTOMATIC
from ...tools import addresses, incoming

_logger = logging.getLogger(__name__)

# A reply whose whole subject is one word that people, and mail programs, use for it.
OBJECTION = re.compile(
    r"\s*(?:(?:re|aw|fwd?|wg|antw|sv)\s*:\s*)*(?:unsubscribe|stop)\s*[.!]?\s*",
    re.IGNORECASE,
)


class MailThread(models.AbstractModel):
    """Where posted messages become mail, and where mail comes in."""

    _inherit = "mail.thread"

    def message_post_with_source(self, source_ref, **kwargs):
        """Nobody wrote by hand what is rendered for each of these documents, whatever
        type of message the caller names."""
        automatic = self.with_context(**{AUTOMATIC: True})
        messages = super(MailThread, automatic).message_post_with_source(
            source_ref, **kwargs
        )
        return messages.with_env(self.env)

    def message_mail_with_source(self, source_ref, **kwargs):
        """As above, without a message in the chatter."""
        automatic = self.with_context(**{AUTOMATIC: True})
        mails = super(MailThread, automatic).message_mail_with_source(
            source_ref, **kwargs
        )
        return mails.with_env(self.env)

    def _thread_to_store(self, store, fields, *, request_list=None):
        """Who writes below a document is warned as in the dialogue."""
        result = super()._thread_to_store(store, fields, request_list=request_list)
        if "suggestedRecipients" in (request_list or ()):
            for thread in self:
                warning = {"privacy_warning": thread._privacy_warning()}
                store.add(thread, warning, as_thread=True)
        return result

    def _privacy_warning(self):
        """:return: what to know before one writes to the people whom the document is
        about and who follow it from outside; may be empty"""
        partners = self._mail_get_partners(introspect_fields=False)[self.id]
        partners |= self.message_partner_ids.filtered("partner_share")
        names = {partner.id: partner.display_name for partner in partners}
        if self._name in self.env["consent.record"]._subject_models():
            names[self[self._consent_email_field] or None] = self.display_name
        gate = self.env["privacy.gate"]
        refused = gate._mail_refusals({"automatic": names.keys() - {None}})
        stopped = sorted({names[recipient] for _class, recipient in refused})
        return gate._by_hand_warning(stopped) if stopped else ""

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        """Core stores the values as superuser; anybody may call it.

        :raise AccessError: when somebody else than an administrator hands values over
        """
        if custom_values and not (self.env.su or self.env.user._is_system()):
            if self.env["privacy.gate"]._is_enabled():
                raise AccessError(
                    self.env._(
                        "Only an administrator may say what a mail that comes in is to "
                        "write into the new record (custom_values)."
                    )
                )
        return super().message_process(
            model,
            message,
            custom_values=custom_values,
            save_original=save_original,
            strip_attachments=strip_attachments,
            thread_id=thread_id,
        )

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        with mail_gateway():
            return super()._message_route_process(message, message_dict, routes)

    @api.model
    def message_route(self, message, message_dict, *args, **kwargs):
        if self._privacy_take_report(message):
            return []
        # before it is clear where the mail belongs: it may belong nowhere
        if self._privacy_is_objection(message, message_dict):
            address = self._privacy_sender(message, message_dict)
            self._privacy_keep_objection(address)
            self._privacy_note_objection(address)
        return super().message_route(message, message_dict, *args, **kwargs)

    @api.model
    def _privacy_sender(self, message, message_dict):
        """:return: the address of the sender, normalised. Of one that Python cannot
        take apart, such as with a final dot, the message gives nothing but its source
        """
        stated = message_dict.get("email_from") or ""
        found = addresses.only(stated) if len(stated) <= incoming.LINE else None
        return found or addresses.only(incoming.header(message, "From"))

    @api.model
    def _privacy_keep_objection(self, address):
        """An address without an alias, a document that takes no answer: the gateway
        then undoes all that the mail has done, and the objection is noted anew."""
        registry = self.env.registry

        @self.env.cr.postrollback.add
        def note_again():
            try:
                with registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    env["mail.thread"]._privacy_note_objection(address)
            except Exception:
                # the gateway goes on with the next mail
                _logger.exception("An objection that came by mail could not be noted")

    @api.model
    def _privacy_note_objection(self, address):
        """Mail that says no more than *unsubscribe* or *STOP* is an objection: make a
        request for the officer (GDPR Art. 21). Anybody can write any sender into a
        mail, so that nothing happens before the officer has looked.

        :param str address: normalised, of the sender
        :return: the requests, open ones from before among them
        """
        # superuser: the sender is no user
        requests = self.env["privacy.request"].sudo()
        subjects = [
            persons.filtered(lambda p: p.privacy_status != "erased")
            for persons in self.env["privacy.preferences.link"]._subjects_at(address)
        ]
        return requests._make_all(subjects, "objection", "mail")

    @api.model
    def _privacy_is_objection(self, message, message_dict):
        # superuser: a setting that says nothing secret
        parameters = self.env["ir.config_parameter"].sudo()
        subject = message_dict.get("subject") or ""
        return bool(
            str2bool(parameters.get_param("privacy_guard.reply_objects"), False)
            and len(subject) <= incoming.LINE
            and OBJECTION.fullmatch(subject)
            and not message_dict.get("is_bounce")
            and (incoming.header(message, "Auto-Submitted") or "no").lower() == "no"
        )
