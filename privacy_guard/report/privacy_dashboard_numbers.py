from datetime import datetime, time, timezone

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from ..constants import OFFICER, PENDING_REQUEST
from ..models.asking.consent_campaign import REQUEST
from ..tools import schedule
from .privacy_dashboard import NUMBERS

# in the context of a button: the number that it stands at
NUMBER = "privacy_number"
# values of consents that have a number each
VALUES = ("granted", "waiting", "refused", "applicable")
# With more consents of people than these, numbers that would read all of them are left
# out: their lists, which load a page, are a click away.
MANY = 100_000


class PrivacyDashboard(models.Model):
    """The numbers, and the lists behind them."""

    _inherit = "privacy.dashboard"

    # ------------------------------------------------------------------
    # Lists
    # ------------------------------------------------------------------

    @api.model
    def _lists(self):
        """:return: {number: (name of the action, Domain besides the action's own)}"""
        last = self.env["consent.verification"]
        if last.has_access("read"):
            last = last.search([("state", "!=", "running")], limit=1)
        of_last = Domain("id", "in", last.ids) & Domain("state", "=", "broken")
        return {
            "asked_today": (
                "consent_report_action",
                Domain("requested_at", ">=", self._midnight()),
            ),
            "undelivered": ("consent_delivery_action", Domain.TRUE),
            "cannot_be_asked": (
                "consent_report_action_cannot_be_asked",
                Domain.TRUE,
            ),
            "open": ("privacy_request_action", Domain("state", "in", PENDING_REQUEST)),
            "overdue": ("privacy_request_action", Domain("is_overdue", "=", True)),
            "trouble": ("privacy_job_action", Domain("is_trouble", "=", True)),
            "undeclared": ("privacy_undeclared_action", Domain.TRUE),
            "broken": ("consent_verification_action", of_last),
        }

    def _list(self, number):
        """:return: (action as stored, complete Domain) of the list behind a number"""
        if self.purpose_id:
            name = "consent_report_action"
            of_purpose = Domain("purpose_id", "=", self.purpose_id.id)
            domain = of_purpose & Domain("value", "=", number)
        else:
            name, domain = self._lists()[number]
        actions = self.env["ir.actions.act_window"]
        action = actions._for_xml_id(f"privacy_guard.{name}")
        return action, Domain(safe_eval(action["domain"] or "[]")) & domain

    @api.model
    def _midnight(self):
        """:return: when the user's day has begun, as the database writes it"""
        today = fields.Date.context_today(self)
        zone = schedule.zone(self.env.context.get("tz") or self.env.user.tz)
        begun = datetime.combine(today, time.min, tzinfo=zone)
        return fields.Datetime.to_string(begun.astimezone(timezone.utc))

    def action_open(self):
        """Open the list behind the number that the context names."""
        self.ensure_one()
        number = self.env.context.get(NUMBER)
        action, domain = self._list(number)
        return {**action, "domain": list(domain), "context": {}}

    # ------------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------------

    def _numbers(self):
        """:return: what a card that is no consent says: {"numbers": {name: how many,
        None where that is left out}}, without those whose list the user may not open"""
        self.ensure_one()
        content = {"numbers": {}}
        for number, model in self._readable(self.card):
            is_left_out = model._name == "consent.report" and self._has_many()
            _action, domain = self._list(number)
            count = None if is_left_out else model.search_count(domain)
            content["numbers"][number] = count
        if self.card == "asking":
            content |= self._prospect()
        if self.card == "work":
            content["lost"] = self._lost()
        return content

    @api.model
    def _readable(self, topic):
        """:return: generator of (number, model of its list), of the lists of a topic
        that the user may open"""
        lists = self._lists()
        for number in NUMBERS[topic]:
            # superuser: what a list is of is no secret
            action = self.env.ref(f"privacy_guard.{lists[number][0]}").sudo()
            model = self.env[action.res_model]
            if model.has_access("read"):
                yield number, model

    @api.model
    def _prospect(self):
        """:return: whether the user may have everybody asked now, how many that would
        be, whether they may look at the mails, and whether it is being done"""
        user = self.env.user
        decides = user.has_group(OFFICER) and user._privacy_is_in_all_companies()
        run = self.env["consent.run"]
        is_asking = decides and run._is_under_way("daily")
        may_ask = decides and run._is_wanted() and not is_asking
        asking = self.env["consent.asking"]
        is_counted = may_ask and not self._has_many()
        people = asking._count_to_ask(REQUEST) if is_counted else None
        return {
            "may_ask": may_ask and people != 0,
            "may_preview": decides,
            "people": people,
            "is_asking": is_asking,
        }

    def _consent_numbers(self):
        """:return: {card of a consent: as :meth:`_numbers`}, for all at once"""
        if self._has_many():
            return {card: {"numbers": dict.fromkeys(VALUES)} for card in self}
        purposes = self.purpose_id
        domain = [("purpose_id", "in", purposes.ids), ("value", "in", VALUES)]
        counts = {purpose: dict.fromkeys(VALUES, 0) for purpose in purposes}
        for purpose, value, count in self.env["consent.report"]._read_group(
            domain, ["purpose_id", "value"], ["__count"]
        ):
            counts[purpose][value] = count
        return {card: {"numbers": counts[card.purpose_id]} for card in self}

    @api.model
    def _has_many(self):
        """:return: whether reading all consents of people would keep the user waiting;
        found out by reading as many at most"""
        sql = "SELECT count(*) FROM (SELECT FROM consent_record LIMIT %s) AS few"
        return self.env.execute_query(SQL(sql, MANY + 1))[0][0] > MANY
