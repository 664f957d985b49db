from markupsafe import Markup
from odoo import Command, api, models
from odoo.tools import email_normalize

from ...fields.mail_class import mandatory

ADDRESSES = "privacy_guard.log_addresses"


class PrivacyLogCheckpoint(models.Model):
    """Sending checkpoints out of the house, where nobody of the house alters them."""

    _inherit = "consent.log.checkpoint"

    @api.model
    def _mail_newest(self):
        """Send the newest checkpoint, once, to the addresses of the settings (EVI-2).

        :return: the queued ``mail.mail``, empty when there is nothing to send
        """
        log, newest = self.env["consent.log"]._find(), self._last()
        addresses = self._outside_addresses()
        # superuser: the mail is the company's, whoever runs the scheduled action
        queue = self.env["mail.mail"].sudo()
        if not addresses or not newest or log.mailed_checkpoint_id == newest:
            return queue
        vals = newest._prepare_mail(log)
        mails = [{**vals, "email_to": address} for address in addresses]
        log._note({"mailed_checkpoint_id": newest.id})
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return mandatory(queue, addresses).create(mails)

    @api.model
    def _outside_addresses(self):
        # superuser: addresses that the settings name
        stored = self.env["ir.config_parameter"].sudo().get_param(ADDRESSES, "")
        return list(filter(None, map(email_normalize, stored.split(","))))

    def _prepare_mail(self, log):
        """:return: values of the mail, without whom it goes to"""
        company = self.env["res.company"].sudo()._privacy_main()
        text = self.env._(
            "Please keep this checkpoint. It says how many events the evidence of"
            " consents held, and is signed: with it, anybody can show whether one of"
            " them was altered or removed afterwards. It holds no personal data."
        )
        keys = "\n".join(map(str, log._verifiers()))
        body = Markup("<p>%s</p><pre>%s</pre><pre>%s</pre>")
        return {
            "subject": self.env._(
                "Checkpoint of %(origin)s: %(size)s events",
                origin=log.origin,
                size=self.size,
            ),
            "body_html": body % (text, self._cosigned_note(), keys),
            "email_from": company._privacy_sender(),
            "attachment_ids": [
                Command.create({"name": name, "raw": content})
                for name, content in self._prepare_files(log)
            ],
        }

    def _prepare_files(self, log):
        """:return: list of (name, content as bytes): the checkpoint, its time stamp,
        and the proofs of what the log itself has said since the last mail"""
        # superuser: what the log says is meant for those who get it
        leaves = self.env["consent.log.leaf"].sudo()
        said = leaves.search(
            [
                ("statement", "!=", False),
                ("leaf_index", ">=", log.mailed_checkpoint_id.size),
                ("leaf_index", "<", self.size),
            ]
        )
        return [
            ("checkpoint.txt", self._cosigned_note().encode()),
            # superuser: it is published
            *self.sudo().stamp_ids._files().items(),
            *(
                (f"statement-{index}.tlog-proof", text.encode())
                for index, text in self._prove_leaves(said).items()
            ),
        ]
