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
        """Have access copies made: mailed to who has the address that asked, for an
        officer to hand over where there is none, or has become another one."""
        for request in self:
            # one copy holds all records of the person
            if subject := request._addressee():
                source = "request" if request._is_mailed_to(subject) else "officer"
                self.env["privacy.export"]._ask(subject, source)
