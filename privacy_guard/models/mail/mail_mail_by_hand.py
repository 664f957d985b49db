from odoo import models
from odoo.fields import Domain

from ...fields.mail_class import is_copy_of_post, of_class
from .mail_thread_by_hand import written


class MailMail(models.Model):
    """What kind of mail is this? A user writes by hand what they post on a document."""

    _name = "mail.mail"
    _inherit = ["mail.mail", "privacy.message.mixin"]

    def _privacy_with_class(self):
        """:return: the same mail; a copy of it to its recipients is of its class"""
        return of_class(self, self._privacy_message_class(), self._privacy_recipients())

    def _privacy_is_by_hand(self):
        """:return: whether it is the copy of a message that a user of the company wrote
        on a document, posted at this moment or later"""
        message = self.mail_message_id
        # superuser: how it was written is nobody's to read
        return is_copy_of_post(self, message) and message.sudo().privacy_by_hand

    def _privacy_note_by_hand(self, persons):
        """A mail to somebody who has stopped processing leaves a trace with them.

        :param set persons: contact ids and addresses, as the mail names them
        """
        note = self.env._(
            "An e-mail was sent to this person by hand although they asked us to stop "
            "processing their data: %(subject)s",
            subject=self.subject or self.record_name or "",
        )
        for subjects in self._privacy_histories_of(persons):
            bodies = dict.fromkeys(subjects.ids, note)
            notes = subjects._message_log_batch(bodies, author_id=self.author_id.id)
            notes._privacy_keep()
            written(self.env).note_ids.setdefault(self.id, []).extend(notes.ids)

    def _privacy_histories_of(self, persons):
        """:param set persons: contact ids and addresses of people who have stopped
        :return: list of recordsets, one per model, that a mail to them is noted with:
            the contacts, and whoever else has stopped and has one of the addresses"""
        ids = [person for person in persons if isinstance(person, int)]
        addresses = [person for person in persons if isinstance(person, str)]
        found = {"res.partner": self.env["res.partner"].browse(ids)}

        def has_address(model, alias, _query):
            return model._privacy_has_address_sql(alias, addresses)

        stopped = Domain("privacy_status", "=", "stopped")
        for name in self.env["consent.record"]._subject_models() if addresses else ():
            # superuser: it is their history, whoever may see the record
            model = self.env[name].sudo().with_context(active_test=False)
            others = model.search(stopped & Domain.custom(to_sql=has_address))
            found[name] = found[name].sudo() | others if name in found else others
        return [subjects for subjects in found.values() if subjects]
