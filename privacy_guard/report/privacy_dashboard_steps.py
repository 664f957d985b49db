from odoo import api, models
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from ..constants import OFFICER

# in the context of a button: the step that it stands at
STEP = "privacy_step"
# what is to be done before the first person is asked, in this order: by whom
STEPS = {
    "fields": OFFICER,
    "key": "base.group_system",
    "consent": OFFICER,
    "mail": "base.group_system",
    "enabled": "base.group_system",
    "request": OFFICER,
}
# where each is done; enabling tries the mail server, and *Ask now* is on the overview
WINDOWS = {
    "fields": "privacy_field_action",
    "key": "privacy_key_action",
    "consent": "consent_sample_action",
    "enabled": "consent_prerequisites_action",
}


class PrivacyDashboard(models.Model):
    """What is to be set up: each step is done when the database says so."""

    _inherit = "privacy.dashboard"

    @api.model
    def _shows_setup(self):
        """:return: whether a step is left, and the user can do one"""
        can = any(self.env.user.has_group(group) for group in set(STEPS.values()))
        return can and not all(step["done"] for step in self._steps().values())

    @api.model
    def _steps(self):
        """:return: {step: {"done": whether it is, "open": whether the user may}}; of
        asking, also what the card of that says"""
        done = self._done()
        steps = {
            step: {"done": step in done, "open": self.env.user.has_group(group)}
            for step, group in STEPS.items()
        }
        if "request" not in done:
            prospect = self._prospect()
            steps["request"] |= {**prospect, "open": prospect["may_ask"]}
        return steps

    @api.model
    def _done(self):
        """:return: set of the steps that are done"""
        # superuser: what is set up is so for everybody, and tells nothing of anybody
        env = self.sudo().env
        purposes = env["consent.purpose"].with_context(active_test=False)
        is_enabled = env["privacy.gate"]._is_enabled()
        state = {
            "fields": env["ir.model.fields"].search_count(
                [("privacy_personal", "=", True)], limit=1
            ),
            "key": not env["consent.sealed.value"]._key_problem(),
            "consent": purposes.search_count([("version", ">", 0)], limit=1),
            # enabling has tried the server
            "mail": is_enabled
            or env["res.company"].search_count(
                [("privacy_tried_at", "!=", False)], limit=1
            )
            or self._has_asked(),
            "enabled": is_enabled,
        }
        done = {step for step, is_done in state.items() if is_done}
        # not before: with people and no request, it reads all events
        if len(done) == len(state) and self._has_asked():
            done.add("request")
        return done

    @api.model
    def _has_asked(self):
        """:return: whether anybody was ever asked"""
        [(has_asked,)] = self.env.execute_query(
            SQL(
                """SELECT EXISTS (SELECT FROM consent_run WHERE asked > 0)
                       OR EXISTS (SELECT FROM consent_event WHERE kind = 'request')"""
            )
        )
        return has_asked

    def action_check_sender(self):
        """See what the name servers say of the domains that mail comes from."""
        self.ensure_one()
        return self.env["privacy.sender.check"]._open()

    def action_step(self):
        """Go where the step that the context names is done, or do it."""
        self.ensure_one()
        step = self.env.context.get(STEP)
        if step == "mail":
            return self.env.company._privacy_send_test()
        if step == "request":
            return self.action_ask_now()
        return self._window(step)

    @api.model
    def _window(self, step):
        """:return: action that opens where a step is done; that leads on to the next"""
        name = WINDOWS[step]
        if step == "consent" and self._has_drafts():
            name = "consent_purpose_action"
        actions = self.env["ir.actions.act_window"]
        action = actions._for_xml_id(f"privacy_guard.{name}")
        return {**action, "context": {**safe_eval(action["context"]), STEP: step}}

    @api.model
    def _has_drafts(self):
        """:return: whether somebody has begun to write what people are asked"""
        purposes = self.env["consent.purpose"].with_context(active_test=False)
        begun = [("kind", "=", "custom"), ("version", "=", 0)]
        return bool(purposes.search_count(begun, limit=1))

    @api.model
    def _lead_on(self, otherwise):
        """What comes after something was done that may have been a step (DSH-2).

        :param dict otherwise: action for whoever did not come from the overview
        :return: action that opens the next step that is left and that the user may do,
            else the overview
        """
        if not self.env.context.get(STEP):
            return otherwise
        done = self._done()
        for step in WINDOWS:
            if step not in done and self.env.user.has_group(STEPS[step]):
                return self._window(step)
        return self._lead_back(otherwise)

    @api.model
    def _lead_back(self, otherwise):
        """As :meth:`_lead_on`, to the overview, where all is seen that is left."""
        if not self.env.context.get(STEP):
            return otherwise
        actions = self.env["ir.actions.act_window"]
        overview = actions._for_xml_id("privacy_guard.privacy_dashboard_action")
        # what is opened from there is no step
        return {**overview, "target": "main", "context": {STEP: False}}
