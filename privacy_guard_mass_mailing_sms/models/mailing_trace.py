import secrets
import string

from odoo import api, fields, models
from odoo.tools import SQL


class MailingTrace(models.Model):
    """The trace of a text message is about the people with its number."""

    _inherit = "mailing.trace"

    # of STOP links: as many as nobody can try
    CODE_SIZE = 9

    # the same reason is given for mail and for text messages
    failure_type = fields.Selection(
        selection_add=[
            (
                "privacy_no_marketing_consent",
                "The person has not agreed to this marketing",
            )
        ]
    )

    # Withdrawing looks for all of one person.
    _privacy_number_idx = models.Index("(sms_number) WHERE sms_number IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever sends a test makes its trace, also where numbers are encrypted and
        nobody may see those of traces."""
        if self.env.su or not self._fields["sms_number"].groups:
            return super().create(vals_list)
        traces = super().create(
            [{k: v for k, v in vals.items() if k != "sms_number"} for vals in vals_list]
        )
        for trace, vals in zip(traces, vals_list, strict=True):
            # superuser: writing down what one has sent shows nothing
            trace.sudo().sms_number = vals.get("sms_number")
        return traces

    def _get_random_code(self):
        """Whoever has the code says no for the number, so that it is no obfuscation."""
        signs = string.ascii_letters + string.digits
        return "".join(secrets.choice(signs) for _sign in range(self.CODE_SIZE))

    def _privacy_addresses(self):
        # superuser: who was written to, whoever asks
        found = {
            trace.id: trace.sms_number
            for trace in self.sudo()
            if trace.trace_type == "sms" and trace.sms_number
        }
        others = self.filtered(lambda trace: trace.id not in found)
        return {**super(MailingTrace, others)._privacy_addresses(), **found}

    @api.model
    def _privacy_source_sql(self, subjects, addresses):
        return SQL(
            "(%s OR sms_number = ANY(%s))",
            super()._privacy_source_sql(subjects, addresses),
            list(addresses),
        )
