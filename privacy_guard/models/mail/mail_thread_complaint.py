import re

from odoo import api, models

from ...readers import reader_lang
from ...tools import addresses, feedback_report

ONE_CLICK = re.compile(
    r"/privacy/one-click/(?:(?P<purposes>[0-9-]+)/)?(?P<token>[A-Za-z0-9_-]+)\Z"
)


class MailThread(models.AbstractModel):
    """Complaints: who marks a mail as spam objects to more of it (GDPR Art. 21(2)), and
    mail providers tell by a feedback report, which Odoo takes for a bounce.

    Whoever writes a report says in it what they like. It refuses at once where it is
    about a mail that went to the address, which only who has the mail can name; else an
    officer looks first, at the requests of whom it may be, or at the report. None is
    lost, and nothing in it ever grants anything.
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
        asked = self._privacy_asked(report)
        proven = asked | self._privacy_complaining(report)
        for address in proven:
            self._privacy_object(address)
        for address in asked:
            self._privacy_block(address)
        if not proven:
            self._privacy_look_at(report)
        return proven

    @api.model
    def _privacy_look_at(self, report):
        """An officer looks at it: at a request of each whom it may be, or at the report
        itself. Many providers black the recipient out, and name an address that mail
        was passed on to."""
        for find in (
            lambda: set(report.addresses),
            lambda: self._privacy_went_to(report),
            lambda: self._privacy_about(report),
        ):
            if any([self._privacy_note_objection(address) for address in find()]):
                return
        self.env["privacy.complaint"]._take(report)

    @api.model
    def _privacy_asked(self, report):
        """Of a mail that asks, nothing is kept once it has left. Its headers have what
        only who has the mail can name: its own id, and the link by which mail programs
        unsubscribe.

        :return: set of the canonical address that the mail went to, if it was one
        """
        links = self.env["privacy.preferences.link"]
        signed = [("feedback", token) for token in report.feedback_ids]
        for found in filter(None, map(ONE_CLICK.search, report.unsubscribe)):
            scope = ".".join(filter(None, ("one_click", found["purposes"])))
            signed.append((scope, found["token"]))
        for scope, token in signed:
            payload = links._read(token, scope)
            is_link = links._model_of(payload) is not None
            if is_link and (address := links._address_of(payload[3])):
                return {address}
        return set()

    @api.model
    def _privacy_complaining(self, report):
        """The hook for add-ons that send mail and keep where it went.

        :return: set of canonical addresses: that of the mail which a report is about;
            of a mail to several people each could name the others
        """
        found = self._privacy_mailed_to(report.message_id)
        return found if len(found) == 1 else set()

    @api.model
    def _privacy_went_to(self, report):
        """:return: set of the canonical addresses that the mail went to which a report
        is about, as far as it is kept: by its Message-Id, or by what it refers to.
        Whoever gets an answer knows what that refers to: it proves nothing"""
        ids = (report.message_id, *report.references)
        return next(filter(None, map(self._privacy_mailed_to, ids)), set())

    @api.model
    def _privacy_mailed_to(self, message_id):
        """:param message_id: of a mail, or None
        :return: set of the canonical addresses that it went to, as far as it is kept"""
        if not message_id:
            return set()
        # superuser: whoever reports is no user
        messages = self.env["mail.message"].sudo()
        about = messages.search([("message_id", "=", message_id)], limit=1)
        notes = about.notification_ids.filtered(
            lambda note: note.notification_type == "email"
        )
        mails = about.mail_ids
        people = notes.res_partner_id | mails.recipient_ids
        found = {a for own in people._privacy_addresses().values() for a in own}
        texts = notes.mapped("mail_email_address")
        texts += mails.mapped("email_to") + mails.mapped("email_cc")
        return found.union(*map(addresses.find, texts))

    @api.model
    def _privacy_about(self, report):
        """:return: set of the canonical addresses of the people whom the documents are
        about that the mail names, whether or not it is kept"""
        subjects = self.env["consent.record"]._subject_models()
        found = set()
        for name, res_id in report.documents:
            if name not in subjects:
                continue
            # superuser: whoever reports is no user
            model = self.env[name].sudo().with_context(active_test=False)
            person = model.browse(res_id).exists()
            found.update(*person._privacy_addresses().values())
        return found

    @api.model
    def _privacy_block(self, address):
        """Who complains of being asked is not asked again (JOB-1): the address is on
        the blocklist, from where its owner takes it by a confirmation (IDN-6).

        :param str address: canonical
        """
        # superuser: whoever reports is no user
        self.env["mail.blacklist"].sudo()._add(
            address, message=self._privacy_complaint_note()
        )

    @api.model
    def _privacy_object(self, address):
        """No more marketing mail goes to an address (Art. 21(3)): whoever has it has
        opted out, and what they were asked about e-mail is refused.

        :param str address: canonical
        """
        subjects = self.env["privacy.preferences.link"]._subjects_at(address)
        if not subjects:
            self._privacy_block(address)
        evidence = {"note": self._privacy_complaint_note()}
        self.env["privacy.preferences.page"]._refuse_email(
            subjects, evidence=evidence, source="complaint"
        )
        for persons in subjects:
            persons._privacy_set_opt_in("opted_out_contact", "complaint")

    @api.model
    def _privacy_complaint_note(self):
        lang = reader_lang(self.env, self.env.company)
        return self.with_context(lang=lang).env._(
            "Marked as unwanted mail: reported by the mail provider (RFC 5965)."
        )
