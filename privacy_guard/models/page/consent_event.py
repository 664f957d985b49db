from odoo import models
from odoo.tools import hmac, urls


class ConsentEvent(models.Model):
    """The address at which whoever has a receipt gets the proof of an event."""

    _inherit = "consent.event"

    def _proof_url(self):
        self.ensure_one()
        path = f"/privacy/proof/{self.id}/{self._proof_token()}"
        return urls.urljoin(self.get_base_url(), path)

    def _proof_token(self):
        """Keyed: hashes of what happened automatically can be guessed, and nobody is
        to learn by asking whether a guess is right."""
        scope = self.env["privacy.preferences.link"]._scope("proof")
        # superuser: the key is no user's to read
        return hmac(self.env(su=True), scope, (self.id, self.hash))
