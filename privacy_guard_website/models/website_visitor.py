import hashlib

from odoo import api, models
from odoo.http import request
from odoo.tools import SQL


class WebsiteVisitor(models.Model):
    """Whose visits may not be tied to them is anonymous, logged in or not."""

    _inherit = "website.visitor"

    def _get_access_token(self):
        token = super()._get_access_token()
        if isinstance(token, str) or self._privacy_may_name(token):
            return token
        # as Odoo makes them for visitors who are not logged in
        client = request.httprequest
        agent = client.environ.get("HTTP_USER_AGENT")
        text = repr((client.remote_addr, agent, request.session.sid))
        return hashlib.sha1(text.encode()).hexdigest()[:32]

    def write(self, vals):
        """Logging in makes the visitor the contact's."""
        token = vals.get("access_token")
        if token and len(str(token)) != 32 and not self._privacy_may_name(token):
            vals = {k: v for k, v in vals.items() if k != "access_token"}
        return super().write(vals)

    def _merge_visitor(self, target):
        if target.partner_id and not self._privacy_may_name(target.partner_id.id):
            return None
        return super()._merge_visitor(target)

    @api.model
    def _privacy_may_name(self, partner_id):
        contact = self.env["res.partner"].sudo().browse(int(partner_id))
        return bool(self.env["privacy.gate"]._trackable(contact, "document"))

    def _privacy_forget(self):
        """Let visits that were tied to people be those of nobody: the token of an
        anonymous visitor names no contact."""
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                """
                UPDATE website_visitor
                   SET partner_id = NULL,
                       access_token = replace(gen_random_uuid()::text, '-', '')
                 WHERE id = ANY(%s) RETURNING id
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(["partner_id", "access_token"], flush=False)

    @api.autovacuum
    def _gc_privacy_visits(self):
        """What a person has withdrawn, or their status does not allow any more."""
        visitors = self.sudo().search([("partner_id", "!=", False)])
        people = visitors.partner_id
        allowed = self.env["privacy.gate"]._trackable(people, "document")
        visitors.filtered(lambda v: v.partner_id not in allowed)._privacy_forget()
