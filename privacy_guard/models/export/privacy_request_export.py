from odoo import models


class PrivacyRequest(models.Model):
    """Access and portability (GDPR Art. 15 and 20) are answered by the copy."""

    _inherit = "privacy.request"

    def _execute_access(self):
        """Have the copies made: mailed to who has an address, for an officer to hand
        over where there is none."""
        for _requests, subjects in self._with_subjects():
            for subject in subjects:
                address = subject[subject._consent_email_field]
                source = "request" if address else "officer"
                self.env["privacy.export"]._ask(subject, source)

    def _execute_portability(self):
        """The same copy: its JSON files are for programs."""
        self._execute_access()
