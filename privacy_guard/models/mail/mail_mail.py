from operator import methodcaller

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

# How many mails are sent between two questions to the gate: about a second.
ASK_AGAIN = 50


class MailMail(models.Model):
    """The way of a mail from its making to its leaving.

    All of core that we extend is here; what the steps do is beside it: what a mail is
    in ``mail_mail_by_hand.py``, whom it may not go to in ``mail_mail_gate.py``, who
    reads a copy in ``mail_mail_readers.py``, the links of the person in
    ``mail_mail_links.py``, why marketing may leave in ``mail_mail_decision.py``, what
    becomes of one that fails in ``mail_mail_try.py``.
    """

    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """Note what each mail is, and take out whom it may not go to."""
        mails = super().create(vals_list)
        mails._privacy_note_class()
        mails._privacy_apply_gate(queueing=True)
        return mails

    def write(self, vals):
        """An error of the mail server may quote what it was given."""
        if reason := vals.get("failure_reason"):
            vals = {**vals, "failure_reason": self._privacy_without_links(reason)}
        return super().write(vals)

    def copy(self, default=None):
        """Core splits a mail to send it in portions, which are what the mail was."""
        if not self.env.su:
            return super().copy(default)
        copies = self.browse()
        for mail in self:
            copies += super(MailMail, mail._privacy_with_class()).copy(default)
        return copies.with_env(self.env)

    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        """Empty the queue once it is woken up. Odoo sends one batch per call, a
        thousand by default, and leaves the rest until the hour after; telling the
        scheduled action what remains makes it go on."""
        if email_ids or not self.env.context.get("ir_cron_progress_id"):
            return super().process_email_queue(email_ids, batch_size)
        before = self._privacy_count_queued()
        result = super().process_email_queue(email_ids, batch_size)
        remaining = self._privacy_count_queued()
        # Nothing sent: the mail server is in trouble, the next hour may be better.
        if (processed := before - remaining) > 0:
            self.env["ir.cron"]._commit_progress(processed, remaining=remaining)
        return result

    @api.model
    def _privacy_count_queued(self):
        """:return: number of mails that wait for being sent now"""
        outgoing = Domain("state", "=", "outgoing")
        due = Domain("scheduled_date", "=", False)
        due |= Domain("scheduled_date", "<=", fields.Datetime.now())
        return self.search_count(outgoing & due)

    def send(self, *args, **kwargs):
        """What is cancelled stays so: without a mail server, core would say of all it
        is given that they could not be delivered."""
        # superuser: who may send a mail cannot always read why it is refused
        refused = self.sudo().filtered(
            lambda mail: mail.state == "cancel" and mail._privacy_is_refused()
        )
        return super(MailMail, self - refused).send(*args, **kwargs)

    def _send(self, *args, **kwargs):
        """The person may have said no since the mail was queued."""
        for ids in split_every(ASK_AGAIN, self.ids, list):
            for due in self.browse(ids)._privacy_try(methodcaller("_privacy_due")):
                super(MailMail, due._privacy_leaving())._send(*args, **kwargs)
                due._privacy_give_back()
        return True

    def _privacy_due(self):
        """:return: those of these mails that leave now, with what is to be known of
        them in the context"""
        self._privacy_apply_gate()
        due = (self - self._privacy_hold_back())._privacy_decide()
        return due._privacy_portion()

    def _privacy_hold_back(self):
        """The hook for modules that send some of what may go later (PRF-1).

        :return: those of these mails that do not leave now
        """
        return self.browse()

    def _privacy_give_back(self):
        """The hook for modules that have counted these as sent: some have failed."""

    def _privacy_portion(self):
        """The hook for modules that change mails while they leave.

        :return: these mails, with what is to be known of all of them in the context
        """
        return self

    def _privacy_rendered_copies(self):
        """The hook for who sends many mails that have the same body.

        :return: what core would prepare, None for core to do so
        """
        return None

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Links of a person exist in the outgoing copy that reaches this person alone
        (MAIL-1, 2). The stored mail, the message in the chatter and all other copies
        keep a link to the portal, which asks to log in."""
        email_list = self._privacy_rendered_copies() or super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        self._privacy_fill_in_links(email_list)
        self._privacy_append_footers(email_list)
        self._privacy_explain(email_list)
        return email_list

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """As in :meth:`write`: the error may quote a link."""
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=self._privacy_without_links(failure_reason),
            failure_type=failure_type,
        )
