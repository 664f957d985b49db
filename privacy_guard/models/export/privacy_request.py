from odoo import models

from ...tools.request_handler import RequestHandler


class PrivacyRequest(models.Model):
    """Access and portability (GDPR Art. 15 and 20) are answered by an access copy."""

    _inherit = "privacy.request"

    def _handlers(self):
        export = RequestHandler(execute=self._ask_for_exports)
        # the same for both: its JSON files are for programs
        return {**super()._handlers(), "access": export, "portability": export}

    def _ask_for_exports(self):
        """Have access copies made: mailed to who has an address, for an officer to hand
        over where there is none."""
        for request in self:
            # one copy holds all records of the person
            if subject := request._addressee():
                address = subject[subject._consent_email_field]
                source = "request" if address else "officer"
                self.env["privacy.export"]._ask(subject, source)
