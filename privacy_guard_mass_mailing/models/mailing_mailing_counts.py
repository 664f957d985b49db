from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import formatLang

from ..scale import ANONYMOUS, AXES, CLICKS, IDENTIFIED, OPENINGS

# Fewer mails than this hide nobody: who knows of all others whether they opened knows
# of the last one. Statistical offices ask for three to ten; we take the highest.
SMALLEST_GROUP = 10
# how a winner of an A/B test is chosen by what core counts -> by totals of both kinds
BY_TOTALS = {
    "opened_ratio": "privacy_opened_rate",
    "clicks_ratio": "privacy_clicked_rate",
}
SEEN = {OPENINGS: "open_datetime:count", CLICKS: "links_click_datetime:count"}


class Totals(NamedTuple):
    """Of a mailing's openings, or clicks, what both kinds add up to."""

    people: int  # who agreed, and has opened or clicked
    agreed: int  # mails to them
    hits: int  # of the others
    anonymous: int  # mails to them
    uncounted: int  # mails of which nothing is counted

    @property
    def is_shown(self):
        return self.anonymous >= SMALLEST_GROUP

    @property
    def is_reduced(self):
        """:return: whether anybody is not counted as a person"""
        return bool(self.anonymous or self.uncounted)

    def rate(self, of_people):
        """:param of_people: the percentage of core, who counts people
        :return: percentage by which versions of a mailing are compared"""
        if not self.is_reduced:
            return of_people
        hits, anonymous = (self.hits, self.anonymous) if self.is_shown else (0, 0)
        sent = self.agreed + anonymous
        return 100.0 * (self.people + hits) / sent if sent else 0.0


class MailingMailing(models.Model):
    """What is counted of people who agreed, and what of nobody in particular, side by
    side and not added up: the one are people, the other openings."""

    _inherit = "mailing.mailing"

    privacy_counts = fields.Text(
        "Counted without tracking", compute="_compute_privacy_counts"
    )
    privacy_opened_rate = fields.Float(compute="_compute_privacy_counts")
    privacy_clicked_rate = fields.Float(compute="_compute_privacy_counts")

    def _compute_privacy_counts(self):
        # what core has just counted no mail of: opening a draft asks nothing more
        begun = self.filtered("expected")
        for mailing in self - begun:
            mailing.privacy_opened_rate = mailing.opened_ratio
            mailing.privacy_clicked_rate = mailing.clicks_ratio
            mailing.privacy_counts = False
        totals = begun._privacy_totals() if begun else {}
        for mailing in begun:
            opened, clicked = (totals[mailing.id][axis] for axis in AXES)
            mailing.privacy_opened_rate = opened.rate(mailing.opened_ratio)
            mailing.privacy_clicked_rate = clicked.rate(mailing.clicks_ratio)
            lines = mailing._privacy_count_lines(opened, clicked)
            mailing.privacy_counts = "\n".join(lines) or False

    def _privacy_totals(self):
        """:return: {id of a mailing: {axis: `Totals`}}, in a fixed number of queries"""
        sums = self.env["privacy.mailing.count"]._sums(self)
        hits = defaultdict(int)
        for (mailing_id, link_id), number in sums.items():
            hits[mailing_id, CLICKS if link_id else OPENINGS] += number
        sent = {axis: self._privacy_sent(axis) for axis in AXES}
        return {
            mailing.id: {
                axis: mailing._privacy_total(sent[axis][mailing.id], hits, axis)
                for axis in AXES
            }
            for mailing in self
        }

    def _privacy_sent(self, axis):
        """:return: {id of a mailing: {level: (mails sent, mails seen)}}, defaulting"""
        # superuser: how mails were built is nobody's to read
        rows = self.env["mailing.trace"].sudo()
        rows = rows._read_group(
            [("mass_mailing_id", "in", self.ids), ("sent_datetime", "!=", False)],
            ["mass_mailing_id", axis],
            ["__count", SEEN[axis]],
        )
        found = defaultdict(lambda: defaultdict(lambda: (0, 0)))
        for mailing, level, sent, seen in rows:
            before = found[mailing.id][level or IDENTIFIED]
            found[mailing.id][level or IDENTIFIED] = (
                before[0] + sent,
                before[1] + seen,
            )
        return found

    def _privacy_total(self, sent, hits, axis):
        """:return: `Totals` of one mailing"""
        unlinked = {OPENINGS: self.privacy_opened, CLICKS: self.privacy_clicked}
        agreed, seen = sent[IDENTIFIED]
        return Totals(
            people=seen + unlinked[axis],
            agreed=agreed,
            hits=hits[self.id, axis],
            anonymous=sent[ANONYMOUS][0],
            uncounted=sent["off"][0],
        )

    def _privacy_count_lines(self, opened, clicked):
        """:return: one line for openings, one for clicks, of what has any to tell"""
        lines = []
        if self.mailing_type == "mail" and opened.is_reduced:
            said = self.env._(
                "%(hits)s openings of %(sent)s mails sent without tracking",
                **self._privacy_numbers(hits=opened.hits, sent=opened.anonymous),
            )
            lines.append(self._privacy_count_line(said, opened))
        if clicked.is_reduced:
            said = self.env._(
                "%(hits)s clicks in %(sent)s messages sent without tracking",
                **self._privacy_numbers(hits=clicked.hits, sent=clicked.anonymous),
            )
            lines.append(self._privacy_count_line(said, clicked))
        return lines

    def _privacy_count_line(self, said, total):
        """:param str said: what there is to say of who is not identified
        :return: both kinds, as what they are"""
        parts = []
        if total.is_shown:
            parts.append(said)
        elif total.anonymous:
            parts.append(
                self.env._(
                    "%(sent)s sent without tracking: fewer than %(smallest)s, so that "
                    "their total is not shown",
                    **self._privacy_numbers(
                        sent=total.anonymous, smallest=SMALLEST_GROUP
                    ),
                )
            )
        if total.agreed:
            numbers = self._privacy_numbers(people=total.people, sent=total.agreed)
            parts.append(
                self.env._("%(people)s of %(sent)s people who agreed", **numbers)
            )
        if total.uncounted:
            numbers = self._privacy_numbers(sent=total.uncounted)
            parts.append(self.env._("%(sent)s not counted", **numbers))
        return "; ".join(parts)

    @api.model
    def _privacy_numbers(self, **numbers):
        """:return: the numbers as the user writes them"""
        return {
            name: formatLang(self.env, number, digits=0)
            for name, number in numbers.items()
        }

    def _get_ab_testing_winner_selection(self):
        selection = super()._get_ab_testing_winner_selection()
        return self._privacy_by_totals(selection)

    @api.model
    def _privacy_by_totals(self, selection):
        """:return: what chooses the winner of an A/B test, which is both kinds together
        where core would look at people alone"""
        if not self.env["privacy.gate"]._is_enabled():
            return selection
        value = selection["value"]
        return {**selection, "value": BY_TOTALS.get(value, value)}
