import re
from collections import defaultdict
from itertools import chain

from odoo import api, fields, models
from odoo.tools.mail import append_content_to_html

from ..scale import ANONYMOUS, AXES, CLICKS, IDENTIFIED, LEVELS, strictest
from .link_tracker import OriginalLinks

# Context key; it counts only with an object of this class.
ORIGINALS = "privacy_original_links"


class MailMail(models.Model):
    """Mailings are marketing, and the gate is asked once more when they leave."""

    _inherit = "mail.mail"

    # How far it says what becomes of it; nothing: by person, as Odoo does.
    privacy_openings = fields.Selection(
        LEVELS, "Openings", readonly=True, copy=False, groups=fields.NO_ACCESS
    )
    privacy_clicks = fields.Selection(
        LEVELS, "Clicks", readonly=True, copy=False, groups=fields.NO_ACCESS
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
        """Take out who does not allow what the mailing relies on, or wants nothing by
        mail."""
        marketing = self.filtered(lambda m: m._privacy_message_class() == "marketing")
        if not self.env["consent.preference"]._any():
            marketing = marketing.filtered("mailing_id")
        for mailing, mails in marketing.grouped("mailing_id").items():
            recipients = mails._privacy_recipient_addresses()
            everyone = self._privacy_all_addresses(recipients)
            refused = mailing._privacy_refused(everyone)
            tests = mails.filtered(
                lambda mail: mail.mailing_id and not mail.mailing_trace_ids
            )
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
        """Note how far each mail will say what becomes of it, and on its trace, which
        outlives the mail: no later setting widens what is built by it."""
        recipients = self._privacy_recipient_addresses()
        everyone = self._privacy_all_addresses(recipients)
        allowed = self.env["privacy.gate"]._tracking_levels(everyone)
        groups = defaultdict(self.browse)
        for mail, found in recipients.items():
            own = self._privacy_all_addresses({mail: found})
            level = strictest(IDENTIFIED, *(allowed[address] for address in own))
            # tests leave no trace, and belong to no total
            mailing = mail.mailing_id if mail.mailing_trace_ids else mail.mailing_id[:0]
            groups[mailing._privacy_levels(level)] |= mail
        for levels, mails in groups.items():
            changed = mails.filtered(lambda m, to=levels: m._privacy_built_to() != to)
            values = dict(zip(AXES, levels, strict=True))
            changed.write(values)
            changed.mailing_trace_ids.write(values)

    def _privacy_built_to(self):
        """:return: (level of openings, level of clicks)"""
        return tuple(self[axis] or IDENTIFIED for axis in AXES)

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
        """What is behind the links of a portion of mails is looked up at once."""
        mails = super()._privacy_portion()
        # superuser: no group may read how mails are built
        reduced = self.sudo().filtered(
            lambda mail: mail._privacy_built_to()[1] != IDENTIFIED
        )
        return mails.with_context(**{ORIGINALS: reduced._privacy_originals()})

    def _privacy_originals(self):
        """:return: the `OriginalLinks` of these mails"""
        counting = self.filtered(lambda mail: mail[CLICKS] == ANONYMOUS).mailing_id
        links = self.env["link.tracker"]
        return links._privacy_originals(self.mapped("body_html"), counting)

    def _prepare_outgoing_body(self):
        body = super()._prepare_outgoing_body()
        # superuser: as above
        mail = self.sudo()
        if body and set(mail._privacy_built_to()) != {IDENTIFIED}:
            body = type(body)(mail._privacy_reduce_tracking(str(body)))
        return body

    def _privacy_reduce_tracking(self, text):
        """:return: the body with no more in it than may be counted: a picture and links
        that are the same for everybody, or neither"""
        openings, clicks = self._privacy_built_to()
        mailing = self.mailing_id
        originals = self.env.context.get(ORIGINALS)
        if not isinstance(originals, OriginalLinks):
            originals = self._privacy_originals()
        if clicks != IDENTIFIED:
            text = self._privacy_without_trace(text)
        text = originals.in_html(text, openings, clicks, mailing)
        if openings == ANONYMOUS:
            pixel = f'<img src="{mailing._privacy_pixel_url()}"/>'
            text = append_content_to_html(text, pixel, plaintext=False)
        return text

    def _privacy_without_trace(self, text):
        """:return: a body without what Odoo has put at the end of each link that it
        takes for a short one, whoever it leads to"""
        for trace in self.mailing_trace_ids[:1]:
            link = rf"""(\bhref=["'][^"']*/r/[^"']*)/m/{trace.id}(?=["'])"""
            text = re.sub(link, r"\1", text)
        return text
