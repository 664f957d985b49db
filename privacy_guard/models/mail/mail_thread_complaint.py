from odoo import api, models

from ...tools import addresses, feedback_report


class MailThread(models.AbstractModel):
    """Complaints: who marks a mail as spam objects to more of it (GDPR Art. 21(2)), and
    mail providers tell by a feedback report, which Odoo takes for a bounce.

    Whoever writes a report says in it what they like. It refuses at once where it is
    about a mail that went to the address, which only who has the mail can name; else an
    officer looks first. Nothing in it ever grants anything.
    """

    _inherit = "mail.thread"

    @api.model
    def _privacy_take_report(self, message):
        """:return: whether a mail was a feedback report. Nothing else is to be made of
        it: the mail that it is about has arrived, and no address is to be given up"""
        report = feedback_report.read(message)
        if report is None or not self.env["privacy.gate"]._is_enabled():
            return False
        if report.is_complaint:
            self._privacy_take_complaint(report)
        return True

    @api.model
    def _privacy_take_complaint(self, report):
        """
        :param report: ``FeedbackReport``, of anybody
        :return: set of addresses from where no marketing is wanted any more
        """
        proven = self._privacy_complaining(report)
        for address in proven:
            self._privacy_object(address)
        if not proven:
            for address in report.addresses:
                self._privacy_note_objection(address)
        return proven

    @api.model
    def _privacy_complaining(self, report):
        """The hook for add-ons that send mail and keep where it went.

        :return: set of canonical addresses: that of the mail which a report is about;
            of a mail to several people each could name the others
        """
        if not report.message_id:
            return set()
        # superuser: whoever reports is no user
        messages = self.env["mail.message"].sudo()
        about = messages.search([("message_id", "=", report.message_id)], limit=1)
        notes = about.notification_ids.filtered(
            lambda note: note.notification_type == "email"
        )
        partners = notes.res_partner_id._privacy_addresses()
        found = {address for own in partners.values() for address in own}
        for text in notes.mapped("mail_email_address"):
            found.update(addresses.find(text))
        return found if len(found) == 1 else set()

    @api.model
    def _privacy_object(self, address):
        """No more marketing mail goes to an address (Art. 21(3)): whoever has it has
        opted out, and what they were asked about e-mail is refused.

        :param str address: canonical
        """
        subjects = self.env["privacy.preferences.link"]._subjects_at(address)
        if not subjects:
            # superuser: whoever reports is no user
            self.env["mail.blacklist"].sudo()._add(
                address, message=self._privacy_complaint_note()
            )
        evidence = {"note": self._privacy_complaint_note()}
        self.env["privacy.preferences.page"]._refuse_email(
            subjects, evidence=evidence, source="complaint"
        )
        for persons in subjects:
            persons._privacy_set_opt_in("opted_out_contact", "complaint")

    @api.model
    def _privacy_complaint_note(self):
        return self.env._(
            "Marked as unwanted mail: reported by the mail provider (RFC 5965)."
        )
