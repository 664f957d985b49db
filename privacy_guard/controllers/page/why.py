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
        found = subject and page._why(subject, event_id)
        if not found:
            return pages.neutral(404)
        # who comes back is not asked for what they have refused
        name = "unsubscribed" if found["is_over"] else "why"
        values = {**found, "company": page._company([subject])}
        return pages.render(f"privacy_guard.preferences_{name}", values)
