from collections import defaultdict
from itertools import chain

from markupsafe import escape
from odoo import api, fields, models

from .link_tracker import OriginalLinks

# Context key; it counts only with an object of this class.
ORIGINALS = "privacy_original_links"


class MailMail(models.Model):
    """Mailings are marketing, and the gate is asked once more when they leave."""

    _inherit = "mail.mail"

    privacy_untracked = fields.Boolean(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="It leaves without pixel and with its original links.",
    )

    def _privacy_classify(self):
        """Whatever says that it is mandatory, or by hand: a mailing is marketing."""
        return "marketing" if self.mailing_id else super()._privacy_classify()

    def _privacy_relied_on(self):
        return self.mailing_id.privacy_purpose_id or super()._privacy_relied_on()

    def _privacy_mailing(self):
        return self.mailing_id or super()._privacy_mailing()

    def _privacy_apply_gate(self, queueing=False):
        result = super()._privacy_apply_gate(queueing=queueing)
        # superuser: everybody's mail obeys
        due = self.sudo().filtered(lambda mail: mail.state == "outgoing")
        due._privacy_apply_consent()
        due.filtered(lambda m: m.state == "outgoing")._privacy_apply_tracking()
        return result

    def _privacy_apply_consent(self):
        """Take out who does not allow what the mailing relies on."""
        for mailing, mails in self.filtered("mailing_id").grouped("mailing_id").items():
            recipients = mails._privacy_recipient_addresses()
            refused = self.env["privacy.gate"]._mailing_refusals(
                mailing.privacy_purpose_id,
                self._privacy_all_addresses(recipients),
            )
            tests = mails.filtered(lambda mail: not mail.mailing_trace_ids)
            colleagues = tests._privacy_colleague_mails() if refused else frozenset()
            for mail in mails if refused else ():
                spared = colleagues if mail in tests else frozenset()
                reasons = {
                    person: refused[address]
                    for person, addresses in recipients[mail].items()
                    for address in addresses
                    if address in refused and address not in spared
                }
                if reasons:
                    mail._privacy_refuse(reasons)

    def _privacy_colleague_mails(self):
        """Tests of a mailing, which leave no trace, may go to whoever writes it.

        :return: addresses of recipients who are users
        """
        addresses = self.mapped("email_to")
        normalised = set(self.env["privacy.gate"]._mail_addresses(addresses).values())
        users = self.env["res.users"].search(
            [("share", "=", False), ("email_normalized", "in", list(normalised))]
        )
        return frozenset(users.mapped("email_normalized"))

    def _privacy_recipient_addresses(self):
        """:return: {mail: {recipient as the gate knows them: their addresses}}"""
        found = {mail: mail._privacy_recipients() for mail in self}
        everyone = set().union(*found.values())
        addresses = self.env["privacy.gate"]._addresses_of(everyone)
        return {
            mail: {person: addresses[person] for person in persons}
            for mail, persons in found.items()
        }

    @api.model
    def _privacy_all_addresses(self, recipients):
        """:param dict recipients: of :meth:`_privacy_recipient_addresses`
        :return: set of the addresses in it"""
        found = (people.values() for people in recipients.values())
        return set(chain.from_iterable(chain.from_iterable(found)))

    def _privacy_apply_tracking(self):
        """Note which mails leave without pixel and with their original links."""
        recipients = self._privacy_recipient_addresses()
        everyone = self._privacy_all_addresses(recipients)
        untracked = self.env["privacy.gate"]._untracked(everyone)
        groups = defaultdict(self.browse)
        for mail, found in recipients.items():
            own = self._privacy_all_addresses({mail: found})
            groups[not untracked.isdisjoint(own)] |= mail
        for flag, mails in groups.items():
            changed = mails.filtered(lambda m, f=flag: m.privacy_untracked != f)
            changed.privacy_untracked = flag

    def _privacy_refuse(self, reasons):
        result = super()._privacy_refuse(reasons)
        if self.state == "cancel" and self.mailing_trace_ids:
            self.mailing_trace_ids.write(
                {
                    "trace_status": "cancel",
                    "failure_type": self.failure_type,
                    "failure_reason": self.failure_reason,
                }
            )
        return result

    def _privacy_notify(self, reasons):
        """The trace of a mailing says it; the message has no notifications."""
        if self.mailing_trace_ids:
            return None
        return super()._privacy_notify(reasons)

    # ------------------------------------------------------------------
    # Tracking
    # ------------------------------------------------------------------

    def _privacy_portion(self):
        """Of the untracked mails of a portion, all original links are known at once."""
        mails = super()._privacy_portion()
        # superuser: no group may read the flag
        untracked = self.sudo().filtered("privacy_untracked")
        found = self.env["link.tracker"]._privacy_originals(
            untracked.mapped("body_html")
        )
        return mails.with_context(**{ORIGINALS: found})

    def _prepare_outgoing_body(self):
        body = super()._prepare_outgoing_body()
        # superuser: as above
        if body and self.sudo().privacy_untracked:
            body = self._privacy_without_tracking(body)
        return body

    def _privacy_without_tracking(self, body):
        """:return: the body without pixel, with the links that were typed"""
        text = str(body).replace(f'<img src="{self._get_tracking_url()}"/>', "")
        originals = self.env.context.get(ORIGINALS)
        if not isinstance(originals, OriginalLinks):
            originals = self.env["link.tracker"]._privacy_originals([text])
        return type(body)(originals.restore(text, quote=escape))
