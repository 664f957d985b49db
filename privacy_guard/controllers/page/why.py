from odoo.http import Controller, request, route

from ... import responses as pages


class WhyController(Controller):
    """The link below marketing mail."""

    @route(
        "/privacy/why/<int:event_id>/<string(minlength=40,maxlength=1024):token>",
        **pages.LINK_ROUTE,
    )
    def why(self, event_id, token):
        """What the person agreed to, in the words that they were shown. The page
        changes nothing: its button posts to where mail programs unsubscribe."""
        if not pages.is_safe_method():
            return pages.neutral(405)
        subject = pages.subject_of(token, f"why.{event_id}")
        page = request.env["privacy.preferences.page"]
        if not subject:
            return self._offer_to_refuse(event_id, token)
        found = page._why(subject, event_id)
        if not found:
            return pages.neutral(404)
        # who comes back is not asked for what they have refused
        name = "unsubscribed" if found["is_over"] else "why"
        values = {**found, "company": page._company([subject])}
        return pages.render(f"privacy_guard.preferences_{name}", values)

    def _offer_to_refuse(self, event_id, token):
        """:return: the way to withdrawing, from a link that shows nothing any more"""
        # superuser: the event was signed with the link
        event = request.env["consent.event"].sudo().browse(event_id).exists()
        ids = event.purpose_id.id
        links = request.env["privacy.preferences.link"]
        enabled = request.env["privacy.gate"]._is_enabled()
        token = enabled and links._token_to_refuse(
            token, f"why.{event_id}", f"one_click.{ids}"
        )
        if not token or not ids:
            return pages.neutral(404)
        return pages.redirect(f"/privacy/one-click/{ids}/{token}")
